import { expect, test } from 'vitest'
import { explain } from '../../../src/warehouse/bigquery/errors.ts'
import { type Failure, failureOf } from '../../../src/warehouse/bigquery/failure.ts'
import { pauseBefore } from '../../../src/warehouse/bigquery/retry.ts'

const failure = (status: number, reason: string, message = ''): Failure => ({ status, reason, message })

test.each([
  [failure(503, 'backendError'), true],
  [failure(429, 'rateLimitExceeded'), true],
  [failure(403, 'rateLimitExceeded'), true],
  [failure(0, 'ECONNRESET'), true],
  [failure(0, 'silence'), true],
  [failure(200, 'brokenAnswer'), true],
  [failure(403, 'quotaExceeded'), false],
  [failure(403, 'accessDenied'), false],
  [failure(404, 'notFound'), false],
  [failure(409, 'duplicate'), false],
  [failure(400, 'invalidQuery'), false],
  [failure(400, 'tokenRefused'), false],
  [failure(0, 'ERR_OSSL_UNSUPPORTED'), false],
])('%j is asked again: %j', (one, again) => {
  expect(pauseBefore(one, 1) !== undefined).toBe(again)
})

test('pauses grow, follow what the server says, and come to an end', () => {
  const pauses = [1, 2, 3, 4, 5, 6].map((tries) => pauseBefore(failure(503, 'backendError'), tries))
  expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, undefined])
  expect(pauseBefore({ ...failure(429, 'rateLimitExceeded'), retryAfterMs: 3_000 }, 1)).toBe(3_000)
  expect(pauseBefore(failure(0, 'ENOTFOUND'), 2)).toBeUndefined()
})

test('a query over its limit is refused at once, though the service calls it an internal error', () => {
  const message = 'Query exceeded limit for bytes billed: 10485760. 20971520 or higher required.'
  const body = { error: { code: 500, message, errors: [{ reason: 'bytesBilledLimitExceeded' }] } }
  const refused = failureOf(500, JSON.stringify(body), null)
  expect(pauseBefore(refused, 1)).toBeUndefined()
  const error = explain(refused, {
    place: { project: 'demo', dataset: 'd', location: 'US', logResultsTable: 'log_results' },
    apiEndpoint: 'https://bigquery.googleapis.com',
    doing: 'run the query',
  })
  expect(error.kind).toBe('refused')
  expect(error.why).toBe(message)
  expect(error.next.join('\n')).toContain('Filter by a time')
})

test('an answer without a word of BigQuery keeps its status, in one line and without tokens', () => {
  expect(failureOf(502, '<html>\n</html>', null)).toEqual({ status: 502, reason: '', message: 'HTTP status 502' })
  const said = failureOf(400, JSON.stringify({ error: { message: 'no\n  Bearer abcdefghijklmnop' } }), '2')
  expect(said).toEqual({ status: 400, reason: '', message: 'no Bearer [redacted]', retryAfterMs: 2_000 })
})
