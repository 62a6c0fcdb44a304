/** Samples that a sparkline keeps: a minute at one look a second. */
const historyLength = 60

type Samples = readonly (number | null)[]

/** A rate a second between two looks, never below 0. */
const perSecond = (grown: number, ms: number): number => (ms <= 0 ? 0 : Math.max(0, (grown * 1000) / ms))

/** Adds the rate since the last look, bounded; a missed look leaves a gap before it. */
export const withSample = (
  samples: Samples,
  look: { readonly grown: number; readonly ms: number; readonly missed: boolean },
): Samples => [...samples, ...(look.missed ? [null] : []), perSecond(look.grown, look.ms)].slice(-historyLength)
