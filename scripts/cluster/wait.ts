import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../src/core/errors.ts'

/** Asks every 100 ms until `probe` says true; throws what `late` makes after so many milliseconds. */
export const until = async (
  ms: number,
  probe: () => Promise<boolean> | boolean,
  late: () => AppError,
  signal?: AbortSignal,
): Promise<void> => {
  const end = Date.now() + ms
  while (!(await probe())) {
    if (signal?.aborted === true) throw interrupted()
    if (Date.now() > end) throw late()
    await sleep(100)
  }
}

export const interrupted = (): AppError => new AppError({ what: 'Stopped before it was done.', kind: 'interrupted' })
