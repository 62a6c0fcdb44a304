import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../core/errors.ts'
import type { CallOptions } from './cluster.ts'

const interrupted = (): AppError => new AppError({ what: 'Stopped before it was done.', kind: 'interrupted' })

/** Throws an AppError when the caller has given up. */
export const throwIfAborted = (signal: AbortSignal): void => {
  if (signal.aborted) throw interrupted()
}

/** Waits that many milliseconds, or ends early with an AppError when the caller gives up. */
export const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  try {
    await sleep(ms, undefined, { signal })
  } catch {
    throw interrupted()
  }
}

/** Throws an AppError once `deadlineMs` after `startedAt` has passed. */
export const throwIfLate = (what: string, startedAt: number, now: number, options: CallOptions): void => {
  if (options.deadlineMs === undefined || now - startedAt < options.deadlineMs) return
  throw new AppError({
    what: `${what} had not ended after ${options.deadlineMs / 1000} s.`,
    next: ['Look at the nodes that have not reported, then run it again: it goes on where it was.'],
    kind: 'unreachable',
  })
}
