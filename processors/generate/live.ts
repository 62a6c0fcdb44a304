import type { CompletePlan } from '../../src/core/generator.ts'
import { growLog } from './growing-log.ts'
import { seededRandom } from './random.ts'
import { simulate } from './simulate.ts'

/** All logs of a plan, growing. */
export interface LiveLogs {
  /** Writes the lines of the time since the last call; `now` in milliseconds since the epoch. */
  readonly tick: (now: number) => void
  readonly close: () => void
}

/** After a longer sleep the logs go on from now instead of making up for it. */
const longestGapMs = 2_000

/** Grows all logs together by the knob `rate` from `startAt` on, in milliseconds since the epoch. */
export const growLogs = (plan: CompletePlan, startAt: number): LiveLogs => {
  const { knobs, seed } = plan
  const random = seededRandom(`${seed}/live`)
  const logs = plan.nodes.map(({ id, file, place }, node) => ({
    log: growLog(file, { maxBytes: knobs.rotation_mb * 1_000_000, backups: knobs.rotation_backups }),
    simulation: simulate({ knobs, seed, purpose: 'live', id, ...(place ?? { node, nodes: plan.nodes.length }) }),
    batch: '',
  }))
  let last = startAt
  let owed = 0

  return {
    tick: (now) => {
      const from = Math.max(last, now - longestGapMs)
      if (now <= from) return
      owed += ((now - from) / 1000) * knobs.rate
      const count = Math.floor(owed)
      owed -= count
      for (let index = 0; index < count; index++) {
        const grown = logs[Math.floor(random() * logs.length)]
        if (grown !== undefined)
          grown.batch += grown.simulation.line(Math.floor((from + ((now - from) * index) / count) * 1000))
      }
      for (const grown of logs) {
        if (grown.batch !== '') grown.log.append(grown.batch)
        grown.batch = ''
      }
      last = now
    },
    close: () => {
      for (const { log } of logs) log.close()
    },
  }
}
