import type { GeneratorKnobs } from '../../src/core/generator.ts'

const minuteUs = 60e6

/** How much traffic an hour of the day (UTC) has, against 1. */
const trafficByHour = (knobs: Pick<GeneratorKnobs, 'traffic'>): readonly number[] =>
  Array.from({ length: 24 }, (_, hour) => {
    const found = knobs.traffic.find(({ hours }) => {
      const [from = 0, to = 24] = hours.split('-').map(Number)
      return hour >= from && hour < to
    })
    return found?.multiplier ?? 1
  })

/**
 * Times in microseconds that follow the traffic of the hours from `from` to `to`. Asked with shares of all
 * traffic from 0 to 1, never falling.
 */
export const trafficClock = (
  knobs: Pick<GeneratorKnobs, 'traffic'>,
  from: number,
  to: number,
): ((share: number) => number) => {
  const byHour = trafficByHour(knobs)
  const minutes = Math.max(1, Math.ceil((to - from) / minuteUs))
  const length = (to - from) / minutes
  const weights = Array.from({ length: minutes }, (_, index) => {
    const hour = Math.floor((from + (index + 0.5) * length) / 3_600e6) % 24
    return byHour[hour] ?? 1
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let index = 0
  let before = 0
  return (share) => {
    const wanted = share * total
    while (index < minutes - 1 && before + (weights[index] ?? 0) < wanted) {
      before += weights[index] ?? 0
      index += 1
    }
    const inside = Math.min(1, Math.max(0, (wanted - before) / (weights[index] ?? 1)))
    return from + (index + inside) * length
  }
}
