import { fstatSync } from 'node:fs'
import type { LiveLogs } from './live.ts'

interface Keeping {
  /** Ends when this is no longer the parent. */
  readonly parentPid?: number
  /** Called after every write; what it throws ends the growing. */
  readonly onTick?: (now: number) => void
}

const tickMs = 250

/** Grows the logs until told to end, or until whoever started it is gone: its stdin closes, or its parent changes. */
export const keepGrowing = (logs: LiveLogs, { parentPid, onTick }: Keeping = {}): Promise<void> =>
  new Promise((resolve, reject) => {
    let ended = false
    const finish = (done: () => void): void => {
      if (ended) return
      ended = true
      clearInterval(timer)
      process.stdin.destroy()
      logs.close()
      done()
    }
    const end = (): void => finish(resolve)
    const timer = setInterval(() => {
      if (parentPid !== undefined && process.ppid !== parentPid) return end()
      try {
        logs.tick(Date.now())
        onTick?.(Date.now())
      } catch (thrown) {
        finish(() => reject(thrown))
      }
    }, tickMs)
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end)
    const stdin = fstatSync(0)
    if (stdin.isFIFO() || stdin.isSocket()) process.stdin.once('close', end).resume()
  })
