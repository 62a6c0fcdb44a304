import type { JobSnapshot, ShownJob } from '../core/job.ts'
import type { ClusterNode } from '../core/node.ts'

export interface CallOptions {
  readonly signal: AbortSignal
  /** Milliseconds after which the call gives up with an AppError of kind `unreachable`. */
  readonly deadlineMs?: number
}

export interface JobRequest {
  /** Unique: a cluster takes a second job of the same name as a new version of the first. */
  readonly name: string
  /** A Bacalhau job spec, rendered YAML. Refused above 900,000 bytes. */
  readonly spec: string
  /** Ids of the nodes that are expected to run it: those connected when it was sent. */
  readonly nodes: readonly string[]
}

export interface SubmittedJob extends ShownJob {
  readonly jobId: string
  readonly nodes: readonly string[]
  readonly submittedAt: number
}

/** What lists nodes and runs jobs. Every call ends in a value or an AppError. */
export interface Cluster {
  /**
   * The label says where the data comes from, for the head of every screen: SIMULATED, or the cluster's address; the access, how
   * it shows itself there: `API key`, `user demo`, `no credentials`. With `ownFiles` its nodes read files of somebody's own.
   */
  readonly about: {
    readonly kind: 'sandbox' | 'bacalhau'
    readonly label: string
    readonly access?: string
    readonly ownFiles?: true
  }
  nodes(options: CallOptions): Promise<readonly ClusterNode[]>
  submit(request: JobRequest, options: CallOptions): Promise<SubmittedJob>
  /** Keeps the spec as a file and returns the lines that send it; sends nothing. */
  keep(request: JobRequest, options: CallOptions): Promise<ShownJob>
  /** Snapshots until the job has settled (core/job.ts, isSettled); the first comes at once. Equal ones in a row are left out. */
  watch(job: SubmittedJob, options: CallOptions): AsyncIterable<JobSnapshot>
  /** The lines that an execution has printed so far; never followed. */
  logs(
    execution: { readonly jobId: string; readonly executionId: string },
    options: CallOptions,
  ): Promise<readonly string[]>
  /** Ends the job's executions; a job that has ended is left alone. */
  stop(jobId: string, options: CallOptions): Promise<void>
  /** Frees what the cluster holds here: child processes, timers. */
  close(): Promise<void>
}
