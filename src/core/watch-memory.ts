import { AppError } from './errors.ts'
import { formatMemory } from './format.ts'

const lookEveryMs = 20

/**
 * Calls once when this process holds more memory. DuckDB's own limit does not count the values of a result, and it can make
 * gigabytes of them in a second, between two of the moments at which an interrupt would stop it.
 */
export const watchMemory = (mostBytes: number, onOver: () => void): (() => void) => {
  const timer = setInterval(() => {
    if (process.memoryUsage.rss() <= mostBytes) return
    clearInterval(timer)
    onOver()
  }, lookEveryMs)
  return () => clearInterval(timer)
}

/** Why a query ended where this process held too much. */
export const tooMuchMemory = (mostBytes: number): AppError =>
  new AppError({
    what: `The query was stopped: it took more than ${formatMemory(mostBytes)} of memory.`,
    why: 'Its values are very large, or there are very many of them at once.',
    next: ['Select fewer columns, filter by a time, or take a part of a long text, such as left(column, 1000).'],
  })
