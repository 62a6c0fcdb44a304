import type { CallOptions, Cluster, JobRequest, SubmittedJob } from '../../cluster/cluster.ts'
import { toAppError } from '../../core/errors.ts'
import { type Execution, hasEnded, type JobSnapshot, outcomeOf } from '../../core/job.ts'

/** What one node said to a small job that ends by itself. */
export interface NodeAnswer {
  readonly nodeId: string
  readonly state: 'answered' | 'failed' | 'lost' | 'stopped' | 'skipped'
  /** Why, for every state but answered. */
  readonly reason?: string
  /** All that it printed. */
  readonly lines: readonly string[]
}

interface Asked {
  readonly cluster: Cluster
  readonly request: JobRequest
  readonly onSubmitted?: (job: SubmittedJob) => void
  /** Called once for every node, as its answer comes. */
  readonly onAnswer?: (answer: NodeAnswer) => void
}

const answered = ({ state, exitCode }: Execution): boolean => state === 'completed' && (exitCode ?? 0) === 0

/** An execution's outcome; such a job has no report, so that a missing one is none of its faults. */
const faultOf = (execution: Execution | undefined, job: JobSnapshot): Omit<NodeAnswer, 'nodeId' | 'lines'> => {
  const { state, reason = 'ended without a reason' } = outcomeOf(execution, job)
  return { state: state === 'lost' || state === 'stopped' || state === 'skipped' ? state : 'failed', reason }
}

/** Runs a job of small tasks to its end and gives what every expected node printed, or why it did not; in the order of `request.nodes`. */
export const askNodes = async (
  { cluster, request, onSubmitted, onAnswer }: Asked,
  options: CallOptions,
): Promise<readonly NodeAnswer[]> => {
  const { signal } = options
  const job = await cluster.submit(request, { signal })
  onSubmitted?.(job)
  const answers = new Map<string, NodeAnswer>()
  const tell = (answer: NodeAnswer): void => {
    answers.set(answer.nodeId, answer)
    onAnswer?.(answer)
  }
  const read = async (execution: Execution, snapshot: JobSnapshot): Promise<NodeAnswer> => {
    const { nodeId } = execution
    const fault = answered(execution) ? undefined : faultOf(execution, snapshot)
    // one that was stopped or refused has printed nothing that would come
    if (fault !== undefined && execution.state !== 'completed') return { nodeId, ...fault, lines: [] }
    try {
      const lines = await cluster.logs({ jobId: job.jobId, executionId: execution.id }, { signal })
      return fault === undefined ? { nodeId, state: 'answered', lines } : { nodeId, ...fault, lines }
    } catch (thrown) {
      signal.throwIfAborted()
      return { nodeId, ...(fault ?? { state: 'failed', reason: toAppError(thrown).message }), lines: [] }
    }
  }
  let last: JobSnapshot = { jobId: job.jobId, state: 'pending', executions: [] }
  try {
    for await (const snapshot of cluster.watch(job, options)) {
      last = snapshot
      const ended = snapshot.executions.filter((execution) => hasEnded(execution) && !answers.has(execution.nodeId))
      for (const answer of await Promise.all(ended.map((execution) => read(execution, snapshot)))) tell(answer)
    }
  } catch (thrown) {
    await cluster.stop(job.jobId, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined)
    throw thrown
  }
  for (const nodeId of request.nodes) {
    const execution = last.executions.find((one) => one.nodeId === nodeId)
    if (!answers.has(nodeId)) tell({ nodeId, ...faultOf(execution, last), lines: [] })
  }
  return request.nodes.flatMap((nodeId) => answers.get(nodeId) ?? [])
}
