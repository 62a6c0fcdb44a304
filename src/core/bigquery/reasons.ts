/**
 * What a reason of BigQuery means to whoever sent the call: `passing` goes away by itself in seconds, `quota` in minutes to a day,
 * `late` may be a grant or a table that has not spread yet, `lasting` stays until somebody repairs it.
 */
export type Lasting = 'passing' | 'quota' | 'late' | 'lasting'

const passing = new Set([
  'backendError',
  'internalError',
  'jobBackendError',
  'jobInternalError',
  'rateLimitExceeded',
  'jobRateLimitExceeded',
  'tableUnavailable',
  'stopped',
  'timeout',
])

/** How long what a reason names lasts; the HTTP status decides where the reason is not known. */
export const lastingOf = (reason: string, status?: number): Lasting => {
  if (reason === 'quotaExceeded') return 'quota'
  if (passing.has(reason)) return 'passing'
  if (reason === 'accessDenied' || reason === 'notFound') return 'late'
  if (status === 408 || status === 429 || (status !== undefined && status >= 500)) return 'passing'
  return 'lasting'
}
