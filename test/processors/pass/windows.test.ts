import { describe, expect, test } from 'vitest'
import { mergeCounts, runPass } from './support.ts'

const line = (request: string, status = 200, size: number | bigint = 10, at = '05:00:00'): string =>
  `198.51.100.7 - - [2026-11-01T${at}Z] "${request}" ${status} ${size}`

const countsOf = (lines: readonly string[]) => runPass(Buffer.from(`${lines.join('\n')}\n`), ['counts'])

describe('counting', () => {
  test('is by window, status and endpoint; methods and query strings do not part, addresses are masked', () => {
    const { windowCounts, counts } = countsOf([
      line('GET /a?x=1 HTTP/1.1'),
      line('POST /a HTTP/1.1', 200, 5),
      line('GET /a HTTP/1.1', 404),
      line('GET /a HTTP/1.1', 200, 7, '05:05:00'),
      line('GET /u/198.51.100.9 HTTP/1.1'),
      line('GET /u/198.51.100.8 HTTP/1.1'),
      line('nonsense', 400, 0),
    ])
    const window_us = 1_793_509_200_000_000n
    expect(windowCounts).toEqual(
      mergeCounts([
        { window_us, status: 200, endpoint: '/a', n: 2, bytes: 15n },
        { window_us, status: 404, endpoint: '/a', n: 1, bytes: 10n },
        { window_us: window_us + 300_000_000n, status: 200, endpoint: '/a', n: 1, bytes: 7n },
        { window_us, status: 200, endpoint: '/u/198.51.100.0', n: 2, bytes: 20n },
        { window_us, status: 400, endpoint: null, n: 1, bytes: 0n },
      ]),
    )
    expect(counts.masked).toBe(2)
  })

  test('keeps exact sums of sizes that a double cannot hold', () => {
    const largest = 9_223_372_036_854_775_807n
    const lines = [largest, 9_999_999_999n, 1n, 9_007_199_254_740_993n].map((size) => line('GET / HTTP/1.1', 200, size))
    expect(countsOf(lines).windowCounts[0]?.bytes).toBe(largest + 9_999_999_999n + 1n + 9_007_199_254_740_993n)
    const many = Array.from({ length: 120_000 }, () => line('GET / HTTP/1.1', 200, 9_999_999_999n))
    expect(countsOf(many).windowCounts[0]?.bytes).toBe(9_999_999_999n * 120_000n)
  })
})

describe('notable messages', () => {
  test('are at most five a window: server errors, then attacks, then refusals, by text', () => {
    const { messages } = countsOf([
      line('GET /fine HTTP/1.1'),
      line('GET /b?secret HTTP/1.1', 404),
      line('GET /a HTTP/1.1', 404),
      line('GET /c HTTP/1.1', 403),
      line('GET /.env HTTP/1.1', 404),
      line('GET /u/198.51.100.7 HTTP/1.1', 500),
      line('GET /u/198.51.100.8 HTTP/1.1', 500),
      line('x', 502),
      line('GET /later HTTP/1.1', 404, 0, '05:05:00'),
    ])
    expect(messages?.map(({ message }) => message)).toEqual([
      'GET /u/198.51.100.0 500 Internal Server Error',
      'x 502 Bad Gateway',
      'GET /.env 404 Not Found',
      'GET /a 404 Not Found',
      'GET /b 404 Not Found',
      'GET /later 404 Not Found',
    ])
  })

  test('are the same in whatever order the lines come', () => {
    const lines = Array.from({ length: 40 }, (_, index) => line(`GET /${index * 7} HTTP/1.1`, index % 3 ? 404 : 503))
    expect(countsOf(lines.toReversed()).messages).toEqual(countsOf(lines).messages)
  })

  test('are cut when they are long, without an address at the cut', () => {
    const request = `GET /${'a'.repeat(487)}/1.2.3.4567 HTTP/1.1`
    const { messages } = countsOf([line(request, 404)])
    expect(messages?.[0]?.message.length).toBeLessThan(530)
    expect(messages?.[0]?.message).toMatch(/\/1\.2\.3\.0… 404 Not Found$/)
  })
})
