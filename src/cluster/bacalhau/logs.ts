import { AppError } from '../../core/errors.ts'
import { hasEnded } from '../../core/job.ts'
import type { CallOptions } from '../cluster.ts'
import { type DecodedExecution, decodeExecutions } from './executions.ts'
import { executionsArguments, type WatchContext } from './watch.ts'

/** Reads what an execution has printed, never followed: an abandoned follower blocks its node's logs for good. */
export type ReadLogs = (jobId: string, executionId: string, options: CallOptions) => Promise<readonly string[]>

const usualDeadlineMs = 15_000
/** How long a log may not come before it is asked for once more, and how long then: a busy node drops what is older at its next heartbeat. */
const usualPatience = { firstMs: 3_000, secondMs: 12_000 }

/** Lines as they were printed, empty ones too. */
const linesIn = (text: string): readonly string[] =>
  text.split('\n').filter((line, index, all) => line !== '' || index < all.length - 1)

/** Those of an execution that ended are all in Bacalhau's list, unless they were too long for it. */
const isWhole = ({ execution, output }: DecodedExecution): boolean =>
  !output.cut && (execution.state === 'completed' || (hasEnded(execution) && output.text !== ''))

/** A log that never ends is not asked for: its execution never started. */
const neverRan = ({ execution, output }: DecodedExecution): boolean =>
  execution.state === 'rejected' || (execution.state === 'failed' && output.text === '')

const isBusy = (thrown: unknown): boolean => thrown instanceof AppError && thrown.kind === 'unreachable'

const doesNotCome = (nodeId: string, cause: unknown): AppError =>
  new AppError({
    what: `The log of ${nodeId} does not come.`,
    why: 'A node serves one log at a time, and this one is busy, gone or restarted.',
    next: ['Try again in ten seconds.'],
    kind: 'unreachable',
    cause,
  })

/** Keeps one request a node at a time: a node serves one log, and others get nothing meanwhile. */
const oneAtATime = () => {
  const last = new Map<string, Promise<unknown>>()
  return <T>(nodeId: string, work: () => Promise<T>): Promise<T> => {
    const mine = (last.get(nodeId) ?? Promise.resolve()).then(work)
    const settled = mine.catch(() => undefined)
    last.set(nodeId, settled)
    return mine
  }
}

/** Finds an execution with what was kept of it; a thousand that ended are told by one listing, which says the same for ever. */
const createListing = ({ cli, profile }: Pick<WatchContext, 'cli' | 'profile'>) => {
  let last: { readonly jobId: string; readonly listed: Promise<readonly DecodedExecution[]> } | undefined
  return async (jobId: string, id: string, options: CallOptions): Promise<DecodedExecution | undefined> => {
    const find = (all: readonly DecodedExecution[]) => all.find(({ execution }) => execution.id === id)
    const known = last?.jobId === jobId ? find(await last.listed.catch(() => [])) : undefined
    if (known !== undefined && hasEnded(known.execution)) return known
    const listed = cli(executionsArguments(jobId, profile), options).then((text) => decodeExecutions(text, new Set()))
    last = { jobId, listed }
    return find(await listed)
  }
}

/** The reader of one cluster's logs. What Bacalhau kept of an output is told where a log does not come, as after a node's restart. */
export const createReadLogs = (
  { cli, profile }: Pick<WatchContext, 'cli' | 'profile'>,
  { firstMs, secondMs } = usualPatience,
): ReadLogs => {
  const onNode = oneAtATime()
  const listing = createListing({ cli, profile })
  return async (jobId, executionId, options) => {
    const { deadlineMs = usualDeadlineMs } = options
    const found = await listing(jobId, executionId, options)
    if (found === undefined)
      throw new AppError({
        what: `execution not found: ${executionId}`,
        why: `The job ${jobId} has none of this id.`,
        next: [`List them: bacalhau job executions ${jobId} --limit 0`],
      })
    const { execution, output } = found
    if (neverRan(found)) return []
    if (isWhole(found)) return linesIn(output.text)
    const arguments_ = ['job', 'logs', jobId, '--execution-id', executionId, ...profile]
    const ask = (ms: number): Promise<string> => cli(arguments_, { ...options, deadlineMs: ms })
    try {
      return linesIn(
        await onNode(execution.nodeId, () =>
          ask(Math.min(deadlineMs, firstMs)).catch((thrown: unknown) => {
            const left = Math.min(secondMs, deadlineMs - firstMs)
            if (isBusy(thrown) && left > 0) return ask(left)
            throw thrown
          }),
        ),
      )
    } catch (thrown) {
      if (hasEnded(execution) && output.text !== '') return linesIn(output.text)
      throw isBusy(thrown) ? doesNotCome(execution.nodeId, thrown) : thrown
    }
  }
}
