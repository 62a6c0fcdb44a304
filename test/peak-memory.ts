import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves, once the process has ended, to the megabytes that it held at most; the kernel counts them. */
export const peakOf = async (pid: number | undefined): Promise<number> => {
  let peak = 0
  for (;;) {
    try {
      const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
      if (kilobytes === undefined) return peak
      peak = Math.max(peak, Number(kilobytes) / 1000)
    } catch {
      return peak
    }
    await sleep(10)
  }
}
