import { nothingUnderstood } from './refusals.ts'
import type { Progress, Report } from './report.ts'

export type JobState = 'pending' | 'queued' | 'running' | 'completed' | 'failed' | 'stopped'
export type ExecutionState = 'pending' | 'running' | 'completed' | 'failed' | 'cancelled' | 'rejected'

/** One execution as the cluster tells it. `completed` only says that the container ended. */
export interface Execution {
  readonly id: string
  readonly nodeId: string
  readonly state: ExecutionState
  /** Known only once the state is `completed`. */
  readonly exitCode?: number
  /** Why it failed, was refused or cancelled, in the cluster's words. */
  readonly message?: string
  /** True while the execution is open and its node is not connected. */
  readonly nodeLost: boolean
  /** Since when nothing was heard of its node, while the execution is open and the node still counts as connected. */
  readonly silentSince?: number
  readonly report?: Report
  readonly progress?: Progress
  /** Milliseconds since the epoch. */
  readonly startedAt?: number
  readonly endedAt?: number
}

export interface JobSnapshot {
  readonly jobId: string
  readonly state: JobState
  readonly message?: string
  readonly executions: readonly Execution[]
}

/** The lines that do by hand what a job does; its spec is kept as a file under a name of its own, so that it can be sent again. */
export interface ShownJob {
  /** The exact command line, secrets redacted, runnable in a shell as shown. */
  readonly command: string
  /** In the sandbox: the line that would do the same on a cluster. */
  readonly clusterCommand?: string
}

const ended: readonly ExecutionState[] = ['completed', 'failed', 'cancelled', 'rejected']

export const hasEnded = (execution: Execution): boolean => ended.includes(execution.state)

/** True when nothing more can be expected: every execution ended or sits on a lost node. */
export const isSettled = (job: JobSnapshot): boolean =>
  job.state === 'failed' ||
  job.state === 'stopped' ||
  job.state === 'completed' ||
  (job.executions.length > 0 && job.executions.every((execution) => hasEnded(execution) || execution.nodeLost))

/** What can become of a node's part, in the order in which a person should see it. */
export const outcomeStates = ['failed', 'lost', 'unparsed', 'stopped', 'skipped', 'running', 'waiting', 'done'] as const

export type OutcomeState = (typeof outcomeStates)[number]

const bad: ReadonlySet<OutcomeState> = new Set(['failed', 'lost', 'unparsed'])

/** True for a state that somebody has to do something about. */
export const isBad = (state: OutcomeState): boolean => bad.has(state)

/** For sorting: what needs somebody comes first. */
export const byOutcome = (a: { readonly state: OutcomeState }, b: { readonly state: OutcomeState }): number =>
  outcomeStates.indexOf(a.state) - outcomeStates.indexOf(b.state)

export interface Outcome {
  readonly state: OutcomeState
  /** Why, for every state that is not waiting, running or done. */
  readonly reason?: string
}

/** What an execution means to a person: an exit code other than 0 or a missing report is a failure. */
export const outcomeOf = (execution: Execution | undefined, job: JobSnapshot): Outcome => {
  if (execution === undefined) return outcomeOfMissing(job)
  if (execution.nodeLost) return { state: 'lost', reason: 'node lost: no news since its last heartbeat' }
  switch (execution.state) {
    case 'pending':
      return { state: 'waiting' }
    case 'running':
      return { state: 'running' }
    case 'cancelled':
      return { state: 'stopped', reason: execution.message ?? 'stopped' }
    case 'rejected':
      return { state: 'failed', reason: execution.message ?? 'refused by the node' }
    case 'failed':
      return { state: 'failed', reason: execution.message ?? 'failed without a reason' }
    case 'completed':
      return outcomeOfCompleted(execution)
  }
}

const outcomeOfMissing = (job: JobSnapshot): Outcome => {
  if (job.state === 'failed')
    return { state: 'failed', reason: job.message ?? 'the job failed before it reached this node' }
  if (job.state === 'stopped') return { state: 'stopped', reason: 'stopped before it reached this node' }
  if (job.state === 'completed') return { state: 'skipped', reason: 'left out: the node was busy or not connected' }
  return { state: 'waiting' }
}

const outcomeOfCompleted = (execution: Execution): Outcome => {
  const error = execution.report?.error
  if (error !== undefined) return { state: 'failed', reason: error }
  if (execution.exitCode !== undefined && execution.exitCode !== 0)
    return { state: 'failed', reason: execution.message ?? `ended with exit code ${execution.exitCode}` }
  if (execution.report === undefined)
    return { state: 'failed', reason: 'ended without a report: killed, or out of memory' }
  if (execution.report.node !== execution.nodeId)
    return { state: 'failed', reason: strangerOf(execution.nodeId, execution.report.node) }
  if (!execution.report.understood)
    return { state: 'unparsed', reason: nothingUnderstood(execution.report, execution.report.rejected) }
  return { state: 'done' }
}

/** Rows that a node counts under another's name are in the tables; only the person can say whose they are. */
const strangerOf = (nodeId: string, named: string): string =>
  `its data folder says that it is ${named}: ${nodeId} and ${named} share a folder, or its disk is a copy`
