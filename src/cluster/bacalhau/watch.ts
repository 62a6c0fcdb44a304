import { AppError } from '../../core/errors.ts'
import { type Execution, hasEnded, isSettled, type JobSnapshot } from '../../core/job.ts'
import type { CallOptions } from '../cluster.ts'
import { pause, throwIfLate } from '../signals.ts'
import type { Cli } from './cli.ts'
import { decodeExecutions, decodeJob } from './executions.ts'
import { decodeNodes } from './nodes.ts'

export interface WatchContext {
  readonly cli: Cli
  readonly pollMs: number
  readonly now: () => number
  /** Arguments that every call ends with. */
  readonly profile: readonly string[]
}

/** How long an orchestrator may not answer before a running job is given up, in milliseconds. */
const patienceMs = 30_000

/** Asks until the job has settled; equal snapshots in a row are told once. */
export async function* watchJob(
  jobId: string,
  context: WatchContext,
  options: CallOptions,
): AsyncGenerator<JobSnapshot> {
  const startedAt = context.now()
  let told = ''
  let answeredAt = startedAt
  const lookOrWait = async (): Promise<JobSnapshot | undefined> => {
    try {
      const snapshot = await look(jobId, context, { signal: options.signal })
      answeredAt = context.now()
      return snapshot
    } catch (thrown) {
      const maybe = thrown instanceof AppError && thrown.kind === 'unreachable'
      if (!maybe || context.now() - answeredAt >= patienceMs) throw thrown
      return undefined
    }
  }
  for (;;) {
    const snapshot = await lookOrWait()
    if (snapshot === undefined) {
      throwIfLate(`The job ${jobId}`, startedAt, context.now(), options)
      await pause(context.pollMs, options.signal)
      continue
    }
    const text = JSON.stringify(snapshot)
    if (text !== told) yield snapshot
    told = text
    if (isSettled(snapshot)) return
    throwIfLate(`The job ${jobId}`, startedAt, context.now(), options)
    await pause(context.pollMs, options.signal)
  }
}

/** Executions and nodes tell nearly all; the job itself, whose answer repeats them, is asked only when it may have ended. */
const look = async (jobId: string, { cli, profile }: WatchContext, options: CallOptions): Promise<JobSnapshot> => {
  const list = async (): Promise<readonly Execution[]> => {
    const [listed, nodes] = await Promise.all([
      cli(executionsArguments(jobId, profile), options),
      cli(nodesArguments(profile), options),
    ])
    const connected = decodeNodes(nodes).filter(({ state }) => state === 'connected')
    return decodeExecutions(listed, new Set(connected.map(({ id }) => id))).map(({ execution }) => execution)
  }
  const executions = await list()
  const mayHaveEnded = executions.every((execution) => hasEnded(execution) || execution.nodeLost)
  if (!mayHaveEnded) return { jobId, state: 'running', executions }
  const job = decodeJob(await cli(['job', 'describe', jobId, '--output', 'json', ...profile], options))
  // Between the two answers a job may have been scheduled and have ended.
  return { jobId, ...job, executions: executions.length === 0 ? await list() : executions }
}

/** `--limit 0`: the CLI lists 20 without it. */
export const executionsArguments = (jobId: string, profile: readonly string[]): readonly string[] => [
  'job',
  'executions',
  jobId,
  '--output',
  'json',
  '--limit',
  '0',
  ...profile,
]

/** All nodes, or those that a label selector takes. */
export const nodesArguments = (profile: readonly string[], selector?: string): readonly string[] => [
  'node',
  'list',
  '--output',
  'json',
  ...(selector === undefined ? [] : ['--labels', selector]),
  ...profile,
]
