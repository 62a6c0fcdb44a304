import { z } from 'zod'
import { epochLabel, type LoadTarget } from '../../../src/core/bigquery/load-job.ts'
import { lastingOf } from '../../../src/core/bigquery/reasons.ts'
import type { Calls } from './calls.ts'
import { otherEpoch, quotaUsedUp, refusedForGood } from './explain.ts'
import { lateTries, openPatience, type Timing, type Waits } from './patience.ts'

export interface EpochCheckOptions {
  readonly calls: Pick<Calls, 'getTable'>
  readonly timing: Timing
  readonly waits: Waits
  /** The table whose label holds the epoch. */
  readonly target: LoadTarget
  readonly epoch: string
}

/** How long an answer is believed, in milliseconds. */
const fresh = 5_000

const labelsSchema = z.object({ labels: z.record(z.string(), z.string()).default({}) })

/** A call that throws an AppError of kind `refused` once the dataset holds another epoch; it asks every few seconds at most. */
export const openEpochCheck = ({ calls, timing, waits, target, epoch }: EpochCheckOptions): (() => Promise<void>) => {
  const subject = `a look at ${target.datasetId}.${target.tableId}`
  let believedUntil = Number.NEGATIVE_INFINITY
  return async () => {
    if (waits.now() < believedUntil) return
    const patience = openPatience(timing, waits)
    for (;;) {
      const answer = await calls.getTable(target)
      if (answer.kind === 'done') {
        const there = labelsSchema.safeParse(answer.body).data?.labels[epochLabel] ?? 'none'
        if (there !== epoch) throw otherEpoch(`${target.projectId}.${target.datasetId}`, there, epoch)
        believedUntil = waits.now() + fresh
        return
      }
      const { reason, message, status } =
        answer.kind === 'refused' ? answer : { reason: answer.why, message: '', status: 503 }
      const trouble = { subject, reason, message }
      const lasting = lastingOf(reason, status)
      if (lasting === 'quota') throw quotaUsedUp(trouble)
      if (lasting === 'lasting' || (lasting === 'late' && patience.tries() >= lateTries - 1))
        throw refusedForGood(trouble)
      const { retryAfterMs } = answer
      await patience.after({ ...trouble, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
    }
  }
}
