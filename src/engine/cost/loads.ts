import type { LoadStream } from '../../core/bigquery/plan-loads.ts'
import type { Stage } from '../../core/stage.ts'
import type { StageRun } from '../state.ts'

/** The tables that a stage writes, each once. */
export const tablesOfStage = (stage: Stage): LoadStream['tables'] => [
  ...new Set(stage.outputs.map(({ table }) => table)),
]

/** Load jobs that the nodes of a finished run sent: one for each chunk and table. */
export const loadJobsOf = (run: StageRun | undefined, stages: readonly Stage[]): number => {
  const stage = stages.find(({ id }) => id === run?.stageId)
  if (run === undefined || stage === undefined) return 0
  return run.totals.chunks * tablesOfStage(stage).length
}
