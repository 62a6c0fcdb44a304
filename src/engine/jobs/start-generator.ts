import type { CallOptions, Cluster, SubmittedJob } from '../../cluster/cluster.ts'
import { type GeneratorWish, generatorJob } from './generator-job.ts'
import { type GeneratorNode, watchGenerator } from './generator-life.ts'
import { freeNodes, type GeneratorBook } from './generators.ts'
import type { LogsParts } from './logs-parts.ts'

export interface GeneratorStart {
  readonly cluster: Cluster
  readonly parts: LogsParts
  readonly book: GeneratorBook
  /** Waits that many milliseconds, or ends early with an AppError. */
  readonly pause: (ms: number) => Promise<void>
  /** Milliseconds since the epoch. */
  readonly clock: () => number
  readonly onEnded?: (jobId: string) => void
  readonly onSubmitted?: (job: SubmittedJob) => void
}

export interface Generating {
  readonly job: SubmittedJob
  readonly nodes: readonly GeneratorNode[]
  /** True when it lives on no node; its job was ended then. */
  readonly hopeless: boolean
}

const lifeMs = 40_000

/** Starts the log generator on nodes, and resolves once it is known on which of them it lives. */
export const startGenerator = async (
  { cluster, parts, book, pause, clock, onEnded, onSubmitted }: GeneratorStart,
  wish: GeneratorWish,
  { signal }: CallOptions,
): Promise<Generating> => {
  for (const jobId of await freeNodes(book, cluster, wish.nodes, { signal })) onEnded?.(jobId)
  const job = await cluster.submit(await generatorJob(parts, wish), { signal, deadlineMs: 30_000 })
  onSubmitted?.(job)
  const { jobId, command, submittedAt } = job
  await book.remember({ cluster: cluster.about.label, jobId, nodes: wish.nodes, command, submittedAt })
  const nodes = await watchGenerator({ cluster, job, pause, clock }, { signal, deadlineMs: lifeMs })
  const hopeless = nodes.every(({ state }) => state === 'dead')
  if (hopeless) {
    await cluster.stop(jobId, { signal, deadlineMs: 15_000 })
    await book.forget(jobId)
  }
  return { job, nodes, hopeless }
}
