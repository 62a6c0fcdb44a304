import { z } from 'zod'
import { type LoadTarget, loadJobId } from '../../../src/core/bigquery/load-job.ts'
import { lastingOf } from '../../../src/core/bigquery/reasons.ts'
import type { Table } from '../../../src/core/tables.ts'
import type { Answer, Calls, ParquetFile } from './calls.ts'
import { gaveUp, quotaUsedUp, refusedForGood, stillRunning } from './explain.ts'
import { limitsOf, openPatience, type Timing, type Waits } from './patience.ts'

export interface LoadParts {
  readonly calls: Pick<Calls, 'insertLoad' | 'getJob'>
  readonly timing: Timing
  readonly waits: Waits
  /** Throws when the tables were emptied meanwhile; asked before a job is sent. */
  readonly check: () => Promise<void>
  /** Puts the file of a chunk that is refused where it stays, and tells where. */
  readonly keep: () => Promise<string>
}

export interface Load {
  readonly table: Table
  readonly target: LoadTarget
  readonly chunkId: string
  readonly file: ParquetFile
}

type Seen =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'running' }
  /** The service knows no job of that id. */
  | { readonly kind: 'absent' }
  /** The id was sent before. */
  | { readonly kind: 'exists' }
  /** The job ended with an error: its id is burnt. */
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string }
  | Exclude<Answer, { kind: 'done' }>

/**
 * Makes the file's rows part of the table, once however often it is called for a chunk: the job's id is the chunk and the first
 * attempt that has not failed. The same id is sent again while nobody knows whether it was taken, a new one only after a failure.
 * Throws an AppError; one of kind `failed` lasts until somebody repairs its cause.
 */
export const loadOnce = async ({ calls, timing, waits, check, keep }: LoadParts, load: Load): Promise<void> => {
  const { table, target, chunkId, file } = load
  const subject = `chunk ${chunkId} of ${target.tableId}`
  const { runningMs } = limitsOf(timing)
  const patience = openPatience(timing, waits)
  const idOf = (attempt: number): string => loadJobId(chunkId, table.name, attempt)
  const ask = async (attempt: number): Promise<Seen> => whatWasAsked(await calls.getJob(target, idOf(attempt)))
  const send = async (attempt: number): Promise<Seen> => {
    await check()
    return whatWasSent(await calls.insertLoad(table, target, idOf(attempt), file))
  }

  let attempt = 0
  let step = send
  let [sent, exists] = [false, false]
  let since = waits.now()
  let looks = 0
  const goTo = (next: number, how: typeof step): void => {
    attempt = next
    step = how
    exists = false
    if (how === send) sent = false
    since = waits.now()
    looks = 0
  }
  const trouble = (reason: string, message = '', retryAfterMs?: number) => ({
    subject,
    reason,
    message,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
  /** Throws for what lasts; waits for what passes. */
  const bear = async (reason: string, message: string, status?: number, retryAfterMs?: number): Promise<void> => {
    const what = trouble(reason, message, retryAfterMs)
    const lasting = lastingOf(reason, status)
    if (lasting === 'quota') throw quotaUsedUp(what)
    if (lasting === 'lasting' || (lasting === 'late' && patience.isOverdue())) throw refusedForGood(what, await keep())
    await patience.after(what)
  }

  for (;;) {
    const sending = step === send
    const seen = await step(attempt)
    // whatever came back, the job may be ours from now on
    if (sending && seen.kind !== 'exists' && seen.kind !== 'refused') sent = true
    switch (seen.kind) {
      case 'loaded':
        return
      case 'running':
        step = ask
        if (waits.now() - since > runningMs) throw stillRunning(subject, idOf(attempt), runningMs)
        await waits.wait(timing.pauseMs * Math.min(4, 0.25 * 1.5 ** looks++))
        break
      case 'exists':
        exists = true
        step = ask
        break
      case 'absent':
        // known to one call and not to the next: it can only be waited for
        if (exists) await patience.after(trouble('its job is known and cannot be found'))
        step = send
        break
      case 'unknown':
        await patience.after(trouble(seen.why, '', seen.retryAfterMs))
        step = ask
        break
      case 'refused':
        // two runs that send one id in one moment: the job of the first may be what the second is refused for
        if (sending && seen.status === 400 && (await ask(attempt)).kind !== 'absent') {
          exists = true
          step = ask
          break
        }
        await bear(seen.reason, seen.message, seen.status, seen.retryAfterMs)
        break
      case 'failed':
        if (sent) {
          await bear(seen.reason, seen.message)
          goTo(attempt + 1, send)
        } else {
          const next = await firstNotFailed(ask, attempt)
          if (next > mostAttempts) throw gaveUp(trouble('every id is said to have failed'), mostAttempts)
          goTo(next, ask)
        }
    }
  }
}

/** More have never been made: each takes a second at least. */
const mostAttempts = 1_000_000_000

/** The attempt after the last one that failed in an earlier run; attempts are made one after the other, so it can be closed in on. */
const firstNotFailed = async (ask: (attempt: number) => Promise<Seen>, failed: number): Promise<number> => {
  const hasFailed = async (attempt: number): Promise<boolean> => (await ask(attempt)).kind === 'failed'
  let low = failed
  let step = 1
  while (low < mostAttempts && (await hasFailed(low + step))) {
    low += step
    step *= 2
  }
  let high = low + step
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (await hasFailed(middle)) low = middle
    else high = middle
  }
  return high
}

const jobSchema = z.object({
  status: z.object({
    state: z.enum(['PENDING', 'RUNNING', 'DONE']),
    errorResult: z.object({ reason: z.string().default(''), message: z.string().default('') }).nullish(),
  }),
})

const whatIsDone = (body: unknown): Seen => {
  const { status } = jobSchema.safeParse(body).data ?? {}
  if (status === undefined) return { kind: 'unknown', why: 'an answer without a job status' }
  if (status.state !== 'DONE') return { kind: 'running' }
  return status.errorResult ? { kind: 'failed', ...status.errorResult } : { kind: 'loaded' }
}

const whatWasSent = (answer: Answer): Seen => {
  if (answer.kind === 'done') return whatIsDone(answer.body)
  return answer.kind === 'refused' && answer.status === 409 ? { kind: 'exists' } : answer
}

const whatWasAsked = (answer: Answer): Seen => {
  if (answer.kind === 'done') return whatIsDone(answer.body)
  return answer.kind === 'refused' && answer.status === 404 ? { kind: 'absent' } : answer
}
