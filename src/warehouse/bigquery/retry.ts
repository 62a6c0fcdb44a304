import type { Failure } from './failure.ts'

const passingStatus: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])
const unreachable: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ENETUNREACH',
  'EHOSTUNREACH',
])
const mostTries = 6
const firstPauseMs = 250
const longestPauseMs = 8_000

/** Milliseconds to wait before the same call is sent again, or undefined where that would not help; `tries` were made. */
export const pauseBefore = (failure: Failure, tries: number): number | undefined => {
  const most = unreachable.has(failure.reason) ? 2 : mostTries
  if (tries >= most || !passes(failure)) return undefined
  return Math.max(failure.retryAfterMs ?? 0, Math.min(firstPauseMs * 2 ** (tries - 1), longestPauseMs))
}

/** A refused price comes as status 500, and a rate that was exceeded as 403. */
const passes = ({ status, reason, message }: Failure): boolean => {
  if (reason === 'bytesBilledLimitExceeded' || /exceeded limit for bytes billed/i.test(message)) return false
  if (status === 0) return !reason.startsWith('ERR_')
  return passingStatus.has(status) || reason === 'rateLimitExceeded' || reason === 'brokenAnswer'
}
