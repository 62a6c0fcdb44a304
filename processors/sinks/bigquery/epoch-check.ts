import { z } from 'zod'
import { epochLabel, type LoadTarget } from '../../../src/core/bigquery/load-job.ts'
import { lastingOf } from '../../../src/core/bigquery/reasons.ts'
import type { Answer, Calls } from './calls.ts'
import { otherEpoch, quotaUsedUp, refusedForGood } from './explain.ts'
import { openPatience, type Patience, type Timing, type Trouble, type Waits } from './patience.ts'

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

const tableSchema = z.object({
  // only a whole answer can say that there is no label
  tableReference: z.object({}),
  labels: z.record(z.string(), z.string()).default({}),
})

/** A call that throws an AppError of kind `refused` once the dataset holds another epoch; it asks every few seconds at most. */
export const openEpochCheck = ({ calls, timing, waits, target, epoch }: EpochCheckOptions): (() => Promise<void>) => {
  const subject = `a look at ${target.datasetId}.${target.tableId}`
  let believedUntil = Number.NEGATIVE_INFINITY
  return async () => {
    if (waits.now() < believedUntil) return
    const patience = openPatience(timing, waits)
    for (;;) {
      const answer = await calls.getTable(target)
      const table = answer.kind === 'done' ? tableSchema.safeParse(answer.body).data : undefined
      if (table !== undefined) {
        const there = table.labels[epochLabel] ?? 'none'
        if (there !== epoch) throw otherEpoch(`${target.projectId}.${target.datasetId}`, there, epoch)
        believedUntil = waits.now() + fresh
        return
      }
      if (answer.kind === 'refused') throwWhatLasts(answer, subject, patience)
      await patience.after(troubleOf(answer, subject))
    }
  }
}

const throwWhatLasts = (
  { reason, message, status }: Extract<Answer, { kind: 'refused' }>,
  subject: string,
  patience: Patience,
): void => {
  const lasting = lastingOf(reason, status)
  if (lasting === 'quota') throw quotaUsedUp({ subject, reason, message })
  if (lasting === 'lasting' || (lasting === 'late' && patience.isOverdue()))
    throw refusedForGood({ subject, reason, message })
}

const troubleOf = (answer: Answer, subject: string): Trouble => {
  if (answer.kind === 'done') return { subject, reason: 'an answer without a table', message: '' }
  const { retryAfterMs } = answer
  const [reason, message] = answer.kind === 'refused' ? [answer.reason, answer.message] : [answer.why, '']
  return { subject, reason, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}
