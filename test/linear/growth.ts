import type { Hostile } from './hostile.ts'

const usual = 4_000
/** What takes less (milliseconds) cannot be timed, nor freeze anything at four times the length. */
const tooShort = 0.3
/** As much has to be timed (milliseconds) before the clock of the processor tells one from another. */
const enough = 40
/** Four times the text takes four times as long where the way is linear, sixteen times where it is quadratic. */
const linear = 8
/** Looks that must all find it slow: a busy machine spoils one now and then. */
const mostLooks = 5

const elapsed = (act: () => void): number => {
  const start = performance.now()
  act()
  return performance.now() - start
}

/** Time of this thread alone: what else runs on the machine does not count. */
const worked = (act: () => void): number => {
  const start = process.threadCpuUsage()
  act()
  const end = process.threadCpuUsage()
  return (end.user - start.user + end.system - start.system) / 1_000
}

/** How many times longer four times the text takes, or undefined where it is no more than its length allows. */
export const growthOf = (take: (text: string) => unknown, hostile: Hostile, length = usual): number | undefined => {
  const text = hostile(length)
  const first = Math.min(
    elapsed(() => take(text)),
    elapsed(() => take(text)),
  )
  if (first <= tooShort) return undefined
  const longer = hostile(4 * length)
  if (elapsed(() => take(longer)) / first < linear) return undefined
  let growth = Number.POSITIVE_INFINITY
  for (let look = 0; look < mostLooks && growth >= linear; look++)
    growth = Math.min(growth, growthByWork(take, text, longer), growthByBest(take, text, longer))
  return growth < linear ? undefined : growth
}

/** By the work of many calls, in which the collecting of garbage counts. */
const growthByWork = (take: (text: string) => unknown, text: string, longer: string): number => {
  let times = 0
  const short = worked(() => {
    for (const start = performance.now(); performance.now() - start < enough || times < 4; times++) take(text)
  })
  const repeats = Math.ceil(times / 4)
  const long = worked(() => {
    for (let i = 0; i < repeats; i++) take(longer)
  })
  return long / repeats / (short / times)
}

/** By the best of some calls each, in turn: one that nothing came between. */
const growthByBest = (take: (text: string) => unknown, text: string, longer: string): number => {
  let short = Number.POSITIVE_INFINITY
  let long = Number.POSITIVE_INFINITY
  for (const start = performance.now(); performance.now() - start < enough || long === Number.POSITIVE_INFINITY; ) {
    short = Math.min(
      short,
      elapsed(() => take(text)),
    )
    long = Math.min(
      long,
      elapsed(() => take(longer)),
    )
  }
  return long / short
}
