import { AppError } from '../../core/errors.ts'
import { hasEnded } from '../../core/job.ts'
import type { CallOptions } from '../cluster.ts'
import { decodeExecutions } from './executions.ts'
import { executionsArguments, type WatchContext } from './watch.ts'

const timerMs = 3_000

/**
 * What an execution has printed, never followed: an abandoned follower blocks its node's logs for good. One that never
 * started, or whose node restarted, has a log that never ends; what Bacalhau kept of its output is told then.
 */
export const readLogs = async (
  jobId: string,
  executionId: string,
  { cli, profile }: WatchContext,
  options: CallOptions,
): Promise<readonly string[]> => {
  const listed = decodeExecutions(await cli(executionsArguments(jobId, profile), options), new Set())
  const found = listed.find(({ execution }) => execution.id === executionId)
  if (found === undefined)
    throw new AppError({
      what: `execution not found: ${executionId}`,
      why: `The job ${jobId} has none of this id.`,
      next: [`List them: bacalhau job executions ${jobId} --limit 0`],
    })
  const { execution, output } = found
  const neverRan = execution.state === 'rejected' || (execution.state === 'failed' && output.length === 0)
  if (neverRan) return []
  try {
    const deadlineMs = Math.min(options.deadlineMs ?? timerMs, timerMs)
    const stdout = await cli(['job', 'logs', jobId, '--execution-id', executionId, ...profile], {
      ...options,
      deadlineMs,
    })
    return stdout.split('\n').filter((line, index, all) => line !== '' || index < all.length - 1)
  } catch (thrown) {
    if (hasEnded(execution) && output.length > 0) return output
    if (thrown instanceof AppError && thrown.kind === 'unreachable')
      throw new AppError({
        what: `The log of ${execution.nodeId} does not come.`,
        why: 'A node serves one log at a time, and this one is busy, gone or restarted.',
        next: ['Try again in ten seconds.'],
        kind: 'unreachable',
        cause: thrown,
      })
    throw thrown
  }
}
