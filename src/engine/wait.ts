import type { Timers } from './ports.ts'

/** Waits that many milliseconds, or until the signal, whichever is first. */
export const wait = (timers: Timers, ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted === true) return resolve()
    const end = (): void => {
      stopTimer()
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const stopTimer = timers.after(ms, end)
    signal?.addEventListener('abort', end)
  })
