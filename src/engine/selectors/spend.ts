import { dailyQuota, loadsOf } from '../../core/bigquery/plan-loads.ts'
import { tablesOfStage } from '../cost/loads.ts'
import type { State } from '../state.ts'

/** What watching has asked: calls that are free, and queries, of which there should be none. */
export const selectWatching = ({
  spend: { calls, asked, watchedBytes },
}: State): { readonly calls: number; readonly queries: number; readonly billedBytes: number } => ({
  calls: calls.status + calls.tail,
  queries: Math.max(0, calls.query - asked),
  billedBytes: watchedBytes,
})

/** Load jobs of the day; undefined where rows go into files. */
export interface LoadMeter {
  /** Sent by this session so far. */
  readonly used: number
  /** A day of what is kept running. */
  readonly planned: number
  readonly quota: number
}

/** How much of a day's load jobs this session has used, and what its pace would use; undefined where nothing is loaded into BigQuery. */
export const selectLoads = (state: State): LoadMeter | undefined => {
  if (state.source?.warehouse.kind !== 'bigquery') return undefined
  const nodes = state.nodes.rows.filter((node) => node.state === 'connected').length
  const planned = state.stages.reduce((sum, stage) => {
    const keep = state.runs[stage.id]?.keep
    return keep === undefined ? sum : sum + loadsOf(nodes, { tables: tablesOfStage(stage), everyMs: keep.everyMs })
  }, 0)
  return { used: state.spend.loadJobs, planned, quota: dailyQuota.loadJobs }
}
