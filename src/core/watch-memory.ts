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
