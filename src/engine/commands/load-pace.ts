import { checkPace, leastPace } from '../../core/bigquery/plan-loads.ts'
import type { Stage } from '../../core/stage.ts'
import type { Context, Session } from '../context.ts'
import { tablesOfStage } from '../cost/loads.ts'
import { stageOf } from './run-stage.ts'

const usualPaceMs = 10_000

/**
 * The pace of a stage that is to be kept running, in milliseconds: the one wished for, or the usual one, or the shortest that BigQuery's quotas
 * allow. Throws an AppError of kind `refused` for a wish that passes them.
 */
export const loadPace = (context: Context, { warehouse }: Session, stage: Stage, wished?: number): number => {
  if (warehouse.about.kind !== 'bigquery') return wished ?? usualPaceMs
  const nodes = context.getState().nodes.rows.filter(({ state }) => state === 'connected').length
  const kept = Object.values(context.runs()).flatMap(({ stageId, keep }) =>
    keep === undefined ? [] : [{ tables: tablesOfStage(stageOf(context, stageId)), everyMs: keep.everyMs }],
  )
  const tables = tablesOfStage(stage)
  const sent = context.ledger.spend().loadJobs
  const everyMs = wished ?? Math.max(usualPaceMs, leastPace(nodes, tables, kept, sent) ?? 0)
  checkPace(nodes, { tables, everyMs }, kept, sent)
  return everyMs
}
