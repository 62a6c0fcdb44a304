import type { Execution, ExecutionState, JobSnapshot, JobState } from '../../core/job.ts'
import { hasEnded } from '../../core/job.ts'
import type { Report } from '../../core/report.ts'
import type { TaskSpec } from '../spec.ts'
import type { Child } from './child.ts'
import type { SandboxNode } from './node.ts'

/** An execution while it is worked on. */
export interface LiveExecution {
  readonly id: string
  readonly node: SandboxNode
  state: ExecutionState
  lost: boolean
  exitCode?: number
  message?: string
  report?: Report
  child?: Child
  startedAt?: number
  endedAt?: number
}

/** A job while it is worked on. */
export interface LiveJob {
  readonly id: string
  readonly name: string
  readonly task: TaskSpec
  readonly executions: readonly LiveExecution[]
  state: JobState
  message?: string
  stopping: boolean
}

/** What the execution ended with; nothing changes an execution that has ended. */
export interface Ending {
  readonly state: ExecutionState
  readonly message?: string | undefined
  readonly exitCode?: number
  readonly report?: Report | undefined
}

/** Ends an execution, and its job with the last one. */
export const endExecution = (job: LiveJob, execution: LiveExecution, ending: Ending, now: number): void => {
  if (hasEnded(snapshotOf(execution))) return
  execution.state = ending.state
  execution.lost = false
  execution.endedAt = now
  if (ending.exitCode !== undefined) execution.exitCode = ending.exitCode
  if (ending.message !== undefined) execution.message = ending.message
  if (ending.report !== undefined) execution.report = ending.report
  endJob(job)
}

const endJob = (job: LiveJob): void => {
  if (job.state !== 'running' || !job.executions.every((execution) => hasEnded(snapshotOf(execution)))) return
  const failed = job.executions.some(({ state }) => state === 'failed')
  job.state = failed ? 'failed' : 'completed'
  if (failed) job.message ??= 'Job failed because one or more executions failed'
}

/** The job as Bacalhau would tell it now. */
export const snapshotOfJob = (job: LiveJob): JobSnapshot => ({
  jobId: job.id,
  state: job.state,
  ...(job.message === undefined ? {} : { message: job.message }),
  executions: job.executions.map(snapshotOf),
})

const snapshotOf = (execution: LiveExecution): Execution => {
  const progress = execution.child?.progress()
  return {
    id: execution.id,
    nodeId: execution.node.identity.id,
    state: execution.state,
    nodeLost: execution.lost,
    ...(execution.exitCode === undefined ? {} : { exitCode: execution.exitCode }),
    ...(execution.message === undefined ? {} : { message: execution.message }),
    ...(execution.report === undefined ? {} : { report: execution.report }),
    ...(progress === undefined ? {} : { progress }),
    ...(execution.startedAt === undefined ? {} : { startedAt: execution.startedAt }),
    ...(execution.endedAt === undefined ? {} : { endedAt: execution.endedAt }),
  }
}

/** True while something of the job still runs or waits. */
export const isOpen = (execution: LiveExecution): boolean => !hasEnded(snapshotOf(execution))
