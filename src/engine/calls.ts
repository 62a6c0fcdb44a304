import { AppError } from '../core/errors.ts'
import type { Timers } from './ports.ts'

/** What a port's call is given: it ends with a value, an error, or its deadline. */
interface CallOptions {
  readonly signal: AbortSignal
  readonly deadlineMs: number
}

export interface Calls {
  /** Runs one call; after its deadline (milliseconds) it is aborted, and whatever it still answers is dropped. */
  readonly call: <T>(
    what: string,
    deadlineMs: number,
    run: (options: CallOptions) => Promise<T>,
    signal?: AbortSignal,
  ) => Promise<T>
  /** Aborts every call that is under way and refuses new ones. */
  readonly abort: () => void
  readonly signal: AbortSignal
  /** Calls and commands that have not ended. */
  readonly busy: () => number
  readonly track: <T>(promise: Promise<T>) => Promise<T>
  /** Resolves when nothing is under way. */
  readonly idle: () => Promise<void>
}

const stopped = (what: string): AppError =>
  new AppError({ what: `${what} was stopped before it was done.`, kind: 'interrupted' })

const late = (what: string, ms: number): AppError =>
  new AppError({
    what: `${what} did not answer within ${ms / 1000} s.`,
    next: ['It is tried again by itself; r tries at once.'],
    kind: 'unreachable',
  })

/** Deadlines, cancelling and the count of what is under way, for every effect of the engine. */
export const createCalls = (timers: Timers): Calls => {
  const root = new AbortController()
  const waiters = new Set<() => void>()
  let open = 0

  const track = async <T>(promise: Promise<T>): Promise<T> => {
    open += 1
    try {
      return await promise
    } finally {
      open -= 1
      if (open === 0) for (const wake of [...waiters]) wake()
    }
  }

  const call = <T>(
    what: string,
    deadlineMs: number,
    run: (options: CallOptions) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> => {
    const own = new AbortController()
    const all = AbortSignal.any([root.signal, own.signal, ...(signal === undefined ? [] : [signal])])
    if (all.aborted) return Promise.reject(stopped(what))
    // a signal that is listened to is kept by the one it follows, and with it the answer
    let forget = (): void => {}
    const answer = new Promise<T>((resolve, reject) => {
      const stopTimer = timers.after(deadlineMs, () => {
        reject(late(what, deadlineMs))
        own.abort()
      })
      const stop = (): void => reject(stopped(what))
      all.addEventListener('abort', stop)
      forget = () => {
        stopTimer()
        all.removeEventListener('abort', stop)
      }
      run({ signal: all, deadlineMs }).then(resolve, reject)
    })
    return track(answer.finally(() => forget()))
  }

  return {
    call,
    abort: () => root.abort(),
    signal: root.signal,
    busy: () => open,
    track,
    idle: () =>
      open === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            const wake = (): void => {
              waiters.delete(wake)
              resolve()
            }
            waiters.add(wake)
          }),
  }
}
