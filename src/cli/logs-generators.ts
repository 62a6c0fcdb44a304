import type { Cluster } from '../cluster/cluster.ts'
import { AppError } from '../core/errors.ts'
import type { JobSnapshot } from '../core/job.ts'
import { lookAt } from '../engine/jobs/generator-life.ts'
import { forgetGenerator, readGenerators, type StartedGenerator } from './generator-file.ts'

export interface FoundGenerator {
  readonly generator: StartedGenerator
  readonly snapshot: JobSnapshot
}

const hasStopped = ({ state }: JobSnapshot): boolean =>
  state === 'stopped' || state === 'failed' || state === 'completed'

/** The generators of this state folder whose jobs are not over on this cluster; those that are over or unknown there are forgotten. */
export const findGenerators = async (
  stateDir: string,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<readonly FoundGenerator[]> => {
  const found: FoundGenerator[] = []
  for (const generator of await readGenerators(stateDir)) {
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
    await forgetGenerator(stateDir, generator.jobId)
  }
  return found
}
