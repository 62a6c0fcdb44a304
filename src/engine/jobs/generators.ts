import type { CallOptions, Cluster } from '../../cluster/cluster.ts'
import { AppError } from '../../core/errors.ts'
import type { JobSnapshot } from '../../core/job.ts'
import { lookAt, openOnes } from './generator-life.ts'

/** A log generator that was started from this state folder. */
export interface StartedGenerator {
  /** The cluster that it runs on, as it is called on screen. */
  readonly cluster: string
  readonly jobId: string
  readonly nodes: readonly string[]
  readonly command: string
  /** Milliseconds since the epoch. */
  readonly submittedAt: number
}

/** What remembers generators from one program to the next: a cluster's contract lists no jobs. */
export interface GeneratorBook {
  read(): Promise<readonly StartedGenerator[]>
  remember(generator: StartedGenerator): Promise<void>
  forget(jobId: string): Promise<void>
}

export interface FoundGenerator {
  readonly generator: StartedGenerator
  readonly snapshot: JobSnapshot
}

const hasStopped = ({ state }: JobSnapshot): boolean =>
  state === 'stopped' || state === 'failed' || state === 'completed'

/** The generators whose jobs are not over on this cluster; those that are over or unknown there are forgotten. */
export const findGenerators = async (
  book: GeneratorBook,
  cluster: Cluster,
  { signal }: CallOptions,
): Promise<readonly FoundGenerator[]> => {
  const found: FoundGenerator[] = []
  for (const generator of await book.read()) {
    if (generator.cluster !== cluster.about.label) continue
    try {
      const snapshot = await lookAt(cluster, generator, { signal, deadlineMs: 15_000 })
      if (!hasStopped(snapshot) || snapshot.executions.some(({ endedAt }) => endedAt === undefined)) {
        found.push({ generator, snapshot })
        continue
      }
    } catch (thrown) {
      // one that the cluster does not know any more; an API that does not answer is another matter
      if (!(thrown instanceof AppError) || thrown.kind !== 'failed') throw thrown
    }
    await book.forget(generator.jobId)
  }
  return found
}

/** Refuses where a generator lives on one of these nodes; one that is dead while its job goes on is ended. Resolves with the ids of those. */
export const freeNodes = async (
  book: GeneratorBook,
  cluster: Cluster,
  nodes: readonly string[],
  options: CallOptions,
): Promise<readonly string[]> => {
  const ended: string[] = []
  for (const { generator, snapshot } of await findGenerators(book, cluster, options)) {
    const living = openOnes(snapshot).filter(({ nodeLost }) => !nodeLost)
    const busy = living.map(({ nodeId }) => nodeId).filter((id) => nodes.includes(id))
    const justSent = snapshot.executions.length === 0
    if (busy.length > 0 || justSent)
      throw new AppError({
        what: `A log generator already runs on ${(justSent ? generator.nodes : busy.sort()).join(', ')} (job ${generator.jobId}).`,
        why: 'Two would tear the rotation of one log apart.',
        next: ['Stop it first: bbq logs stop'],
        kind: 'refused',
      })
    if (living.length > 0) continue
    await cluster.stop(generator.jobId, { signal: options.signal, deadlineMs: 15_000 })
    await book.forget(generator.jobId)
    ended.push(generator.jobId)
  }
  return ended
}
