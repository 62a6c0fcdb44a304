import { isBad } from '../../core/job.ts'
import type { StageRun, State } from '../state.ts'

/** Whether a job of the stage is under way. */
export const isUnderWay = (run: StageRun | undefined): boolean => run?.phase === 'launching' || run?.phase === 'running'

/** Ids of the stages whose job is under way. */
export const selectRunning = (state: Pick<State, 'runs'>): readonly string[] =>
  Object.values(state.runs)
    .filter(isUnderWay)
    .map(({ stageId }) => stageId)

/** Nodes of the last run that have ended, and of how many. */
export const selectProgress = (
  run: StageRun,
): { readonly ended: number; readonly of: number; readonly failed: number } => {
  const ended = run.nodes.filter(({ state }) => state !== 'waiting' && state !== 'running')
  const failed = run.nodes.filter(({ state }) => isBad(state) || state === 'stopped')
  return { ended: ended.length, of: run.nodes.length, failed: failed.length }
}
