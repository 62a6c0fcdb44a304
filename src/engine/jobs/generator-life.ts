import type { CallOptions, Cluster, SubmittedJob } from '../../cluster/cluster.ts'
import { growingSchema } from '../../core/generator.ts'
import { type Execution, hasEnded, type JobSnapshot } from '../../core/job.ts'
import { lastJsonLineIn } from '../../core/json.ts'

/** What became of the generator on one node. */
export interface GeneratorNode {
  readonly id: string
  readonly state: 'growing' | 'starting' | 'dead' | 'lost'
  /** Why, where it does not grow. */
  readonly reason?: string
  /** Lines that its log began with now. */
  readonly filled?: number
}

interface Watched {
  readonly cluster: Cluster
  readonly job: SubmittedJob
  /** Waits that many milliseconds, or ends early with an AppError. */
  readonly pause: (ms: number) => Promise<void>
  /** Milliseconds since the epoch. */
  readonly clock: () => number
}

const lookMs = 500

/** A log that is asked for is two processes here. */
const atOnce = 8

/** How the job stands now: a daemon has no end to wait for. */
export const lookAt = async (cluster: Cluster, job: SubmittedJob, options: CallOptions): Promise<JobSnapshot> => {
  for await (const snapshot of cluster.watch(job, options)) return snapshot
  return { jobId: job.jobId, state: 'pending', executions: [] }
}

/** The executions that still hold a node's log; one on a lost node ends when the node comes back. */
export const openOnes = ({ executions }: JobSnapshot): readonly Execution[] =>
  executions.filter((execution) => !hasEnded(execution))

/** A daemon whose container ended is started again once, at once, and then no more, while its job goes on as Running. */
const isDead = (mine: readonly Execution[]): boolean =>
  mine.length > 0 && mine.every(hasEnded) && (mine.length > 1 || mine.some(({ state }) => state === 'rejected'))

const linesOf = (cluster: Cluster, jobId: string, execution: Execution, options: CallOptions) =>
  cluster.logs({ jobId, executionId: execution.id }, { ...options, deadlineMs: 3_000 }).catch(() => [])

/** What its own words are worth more than: a daemon's execution is only called unexpected. */
const reasonOf = (execution: Execution | undefined, lines: readonly string[]): string => {
  if (lines.some((line) => line.includes('Cannot find module ') && line.includes('.bbq/runtime/')))
    return 'this node was not prepared for this version of bbq'
  const words = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.find((line) => line.trim() !== '')
  return words ?? execution?.message ?? 'it ended without a reason'
}

/** Looks until every node's generator grows its log or is dead, at most until the deadline; in the order of the job's nodes. */
export const watchGenerator = async (
  { cluster, job, pause, clock }: Watched,
  { signal, deadlineMs = 30_000 }: CallOptions,
): Promise<readonly GeneratorNode[]> => {
  const until = clock() + deadlineMs
  const known = new Map<string, GeneratorNode>()
  const look = async (id: string, snapshot: JobSnapshot): Promise<void> => {
    const mine = snapshot.executions.filter(({ nodeId }) => nodeId === id)
    const open = mine.find((execution) => !hasEnded(execution))
    if (mine.length === 0 && (snapshot.state === 'failed' || snapshot.state === 'stopped'))
      known.set(id, { id, state: 'dead', reason: snapshot.message ?? 'the job ended before it reached this node' })
    if (open?.nodeLost === true) known.set(id, { id, state: 'lost', reason: 'no news since its last heartbeat' })
    if (isDead(mine)) {
      const last = mine.findLast(({ state }) => state !== 'rejected') ?? mine.at(-1)
      const lines = last === undefined ? [] : await linesOf(cluster, job.jobId, last, { signal })
      known.set(id, { id, state: 'dead', reason: reasonOf(last, lines) })
    }
    if (open === undefined || open.nodeLost) return
    const said = lastJsonLineIn(await linesOf(cluster, job.jobId, open, { signal }), growingSchema)
    if (said !== undefined) known.set(id, { id, state: 'growing', filled: said.filled })
  }
  for (;;) {
    const snapshot = await lookAt(cluster, job, { signal, deadlineMs: 15_000 })
    const asked = job.nodes.filter((id) => !known.has(id))
    for (let from = 0; from < asked.length && clock() < until; from += atOnce)
      await Promise.all(asked.slice(from, from + atOnce).map((id) => look(id, snapshot)))
    if (known.size === job.nodes.length || clock() >= until)
      return job.nodes.map(
        (id): GeneratorNode =>
          known.get(id) ?? {
            id,
            state: 'starting',
            reason: snapshot.executions.some(({ nodeId }) => nodeId === id)
              ? 'it has not said yet that its log grows'
              : 'left out: the node was busy or not connected',
          },
      )
    await pause(lookMs)
  }
}
