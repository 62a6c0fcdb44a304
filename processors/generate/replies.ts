import { between, type Random, weighted } from './random.ts'

/** Errors of a site that is down; they come fast and small. */
const outageStatus = weighted<number>([
  [503, 60],
  [502, 20],
  [500, 12],
  [504, 8],
])

/** Share of requests that fail while the site is down; the rest is answered from a cache. */
const outageFailures = 0.88

/** The status that an outage gives, or undefined for a request that it lets through. */
export const outageReply = (random: Random): number | undefined =>
  random() < outageFailures ? outageStatus(random) : undefined

/** Bytes of an answer: errors and redirects are small, pages vary around their usual size. */
export const replyBytes = (random: Random, status: number, usual: number): number | undefined => {
  if (status === 304 || status === 204) return undefined
  if (status >= 500) return between(random, 170, 620)
  if (status >= 400) return between(random, 150, 1_400)
  if (status >= 300) return between(random, 0, 340)
  return Math.max(1, Math.round(usual * (0.6 + random() * 0.8)))
}
