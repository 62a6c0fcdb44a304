import { AppError } from '../../core/errors.ts'
import { type Execution, hasEnded, isSettled, type JobSnapshot } from '../../core/job.ts'
import type { CallOptions } from '../cluster.ts'
import { pause, throwIfLate } from '../signals.ts'
import type { Cli } from './cli.ts'
import { decodeExecutions, decodeJob } from './executions.ts'
import { createHeartbeats } from './heartbeats.ts'
import { decodeSeenNodes } from './nodes.ts'

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
  const listing = createListing(jobId, context)
  let told: JobSnapshot | undefined
  let answeredAt = startedAt
  const lookOrWait = async (): Promise<JobSnapshot | undefined> => {
    try {
      const snapshot = await look(jobId, context, listing, { signal: options.signal })
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
    if (told === undefined || !sameSnapshot(told, snapshot)) yield snapshot
    told = snapshot
    if (isSettled(snapshot)) return
    throwIfLate(`The job ${jobId}`, startedAt, context.now(), options)
    await pause(context.pollMs, options.signal)
  }
}

/** Executions that were not read anew are the same array, which spares a comparison of a thousand. */
const sameSnapshot = (a: JobSnapshot, b: JobSnapshot): boolean =>
  a.state === b.state &&
  a.message === b.message &&
  (a.executions === b.executions || JSON.stringify(a.executions) === JSON.stringify(b.executions))

/** A job's executions as they are now, joined with what is known of their nodes. */
type Listing = (options: CallOptions) => Promise<readonly Execution[]>

/** Most looks bring the very text of the look before: it is not read again then. */
const createListing = (jobId: string, { cli, profile, now }: WatchContext): Listing => {
  const silentOf = createHeartbeats(now)
  let seen = { text: '', nodes: decodeSeenNodes('[]') }
  let last: { readonly listed: string; readonly about: string; readonly executions: readonly Execution[] } | undefined
  return async (options) => {
    const [listed, text] = await Promise.all([
      cli(executionsArguments(jobId, profile), options),
      cli(nodesArguments(profile), options),
    ])
    if (text !== seen.text) seen = { text, nodes: decodeSeenNodes(text) }
    const silent = silentOf(seen.nodes)
    const connected = seen.nodes.filter(({ node }) => node.state === 'connected').map(({ node }) => node.id)
    const about = JSON.stringify([connected, [...silent]])
    if (last?.listed !== listed || last.about !== about) {
      const ids = new Set(connected)
      const executions = decodeExecutions(listed, ids).map(({ execution }) => withSilence(execution, silent))
      last = { listed, about, executions }
    }
    return last.executions
  }
}

const withSilence = (execution: Execution, silent: ReadonlyMap<string, number>): Execution => {
  const silentSince = silent.get(execution.nodeId)
  return silentSince === undefined || hasEnded(execution) ? execution : { ...execution, silentSince }
}

/** Executions and nodes tell nearly all; the job itself, whose answer repeats them, is asked only when it may have ended. */
const look = async (
  jobId: string,
  { cli, profile }: WatchContext,
  listing: Listing,
  options: CallOptions,
): Promise<JobSnapshot> => {
  const executions = await listing(options)
  const mayHaveEnded = executions.every((execution) => hasEnded(execution) || execution.nodeLost)
  if (!mayHaveEnded) return { jobId, state: 'running', executions }
  const job = decodeJob(await cli(['job', 'describe', jobId, '--output', 'json', ...profile], options))
  // Between the two answers a job may have been scheduled and have ended.
  return { jobId, ...job, executions: executions.length === 0 ? await listing(options) : executions }
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
