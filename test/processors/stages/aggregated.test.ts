import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { CountRow, MessageRow } from '../../../processors/pass/output.ts'
import { openWriter } from '../../../processors/write/open-writer.ts'
import { countsOf } from '../window-counts.ts'
import { contextOf, emptyOutput, originOf, readParquet, stageOf, temporaryFolder } from '../write/support.ts'

const windowsOf = async (
  batches: readonly { readonly counts: readonly CountRow[]; readonly messages?: readonly MessageRow[] }[],
): Promise<readonly (readonly Record<string, unknown>[])[]> => {
  const folder = temporaryFolder()
  const writer = await openWriter(contextOf(stageOf('aggregated'), folder))
  onTestFinished(() => writer.close())
  const results = []
  for (const { counts, messages = [] } of batches) {
    const path = join(folder, 'a.parquet')
    const output = { ...emptyOutput, windowCounts: countsOf(counts), messages }
    await writer.write(output, originOf(), { log_aggregates: path })
    results.push(await readParquet(path, 'time_window'))
  }
  return results
}

const row = (window: number, status: number, endpoint: string | null, n: number, bytes: number): CountRow => ({
  window_us: BigInt(window) * 1_000_000n,
  status,
  endpoint,
  n,
  bytes: BigInt(bytes),
})

describe('windows', () => {
  test('hold one row a window with its sums and lists', async () => {
    const [windows] = await windowsOf([
      {
        counts: [
          row(0, 200, '/a', 3, 30),
          row(0, 404, '/a', 1, 4),
          row(0, 302, '/b', 2, 0),
          row(0, 101, null, 1, 1),
          row(300, 503, '/b', 5, 50),
        ],
        messages: Array.from({ length: 6 }, (_, i) => ({ window_us: 300_000_000n, message: `message ${i}` })),
      },
    ])
    expect(windows).toMatchObject([
      {
        time_window: '1970-01-01 00:00:00+00',
        log_count: '7',
        total_count: '7',
        ok_count: '3',
        redirect_count: '2',
        client_error_count: '1',
        server_error_count: '0',
        total_bytes: '35',
        avg_bytes: null,
        messages: [],
        endpoints: [
          { endpoint: '/a', count: '4', bytes: '34' },
          { endpoint: '/b', count: '2', bytes: '0' },
          { endpoint: null, count: '1', bytes: '1' },
        ],
        statuses: [
          { status: '101', count: '1', bytes: '1' },
          { status: '200', count: '3', bytes: '30' },
          { status: '302', count: '2', bytes: '0' },
          { status: '404', count: '1', bytes: '4' },
        ],
      },
      {
        time_window: '1970-01-01 00:05:00+00',
        total_count: '5',
        server_error_count: '5',
        messages: ['message 0', 'message 1', 'message 2', 'message 3', 'message 4'],
      },
    ])
  })

  test('keep the 1,000 largest endpoints and put the rest together', async () => {
    const counts = Array.from({ length: 1500 }, (_, i) => row(0, 200, `/p${String(i).padStart(4, '0')}`, i + 1, 1))
    const [windows] = await windowsOf([{ counts: [...counts, row(0, 404, '(other)', 5000, 7)] }])
    const endpoints = windows?.[0]?.['endpoints'] as readonly Record<string, unknown>[]
    expect(endpoints).toHaveLength(1001)
    // the 500 smallest have 1 + 2 + … + 500 requests; the others before them are as they came
    expect(endpoints[0]).toEqual({ endpoint: '(other)', count: String((500 * 501) / 2 + 5000), bytes: '507' })
    expect(endpoints[1]).toEqual({ endpoint: '/p1499', count: '1500', bytes: '1' })
    expect(endpoints.at(-1)).toEqual({ endpoint: '/p0500', count: '501', bytes: '1' })
  })

  test('stop sums of sizes at the largest number that a column holds', async () => {
    const largest = 2n ** 63n - 1n
    const huge = (endpoint: string, bytes: bigint): CountRow => ({ ...row(0, 404, endpoint, 1, 0), bytes })
    const [windows] = await windowsOf([{ counts: [huge('/a', largest), huge('/a', 1n), huge('/b', 3n * largest)] }])
    expect(windows).toMatchObject([
      {
        total_count: '3',
        total_bytes: String(largest),
        endpoints: [
          { endpoint: '/a', bytes: String(largest) },
          { endpoint: '/b', bytes: String(largest) },
        ],
        statuses: [{ bytes: String(largest) }],
      },
    ])
  })

  test('keep endpoints as they are, whatever stands in them', async () => {
    const odd = ['', 'a\x1fb', 'c\nd', 'e\r', 'f\0', '"g', "h'", '\u{1f525}', '-']
    const [windows] = await windowsOf([{ counts: odd.map((endpoint) => row(0, 200, endpoint, 1, 0)) }])
    const endpoints = windows?.[0]?.['endpoints'] as readonly Record<string, unknown>[]
    expect(endpoints.map((each) => each['endpoint']).sort()).toEqual([...odd].sort())
  })

  test('add up: endpoints, statuses and classes all come to the total', async () => {
    const counts = fc.array(
      fc.record({
        window_us: fc.integer({ min: -2, max: 4 }).map((window) => BigInt(window) * 300_000_000n),
        status: fc.integer({ min: 100, max: 599 }),
        endpoint: fc.option(fc.string(), { nil: null }),
        n: fc.integer({ min: 1, max: 1_000_000 }),
        bytes: fc.bigInt(0n, 1n << 50n),
      }),
      { minLength: 1, maxLength: 60 },
    )
    const batches = fc.sample(counts, { numRuns: 25, seed: 7 }).map((each) => ({ counts: each }))
    const results = await windowsOf(batches)
    const sum = (list: unknown, field: string): bigint =>
      (list as readonly Record<string, string>[]).reduce((total, item) => total + BigInt(item[field] ?? 'x'), 0n)
    for (const [i, windows] of results.entries()) {
      const given = batches[i]?.counts ?? []
      expect(windows).toHaveLength(new Set(given.map((each) => each.window_us)).size)
      for (const window of windows) {
        const total = BigInt(String(window['total_count']))
        const bytes = BigInt(String(window['total_bytes']))
        expect([sum(window['endpoints'], 'count'), sum(window['statuses'], 'count')]).toEqual([total, total])
        expect([sum(window['endpoints'], 'bytes'), sum(window['statuses'], 'bytes')]).toEqual([bytes, bytes])
        const informational = (window['statuses'] as readonly Record<string, string>[])
          .filter((each) => Number(each['status']) < 200)
          .reduce((all, each) => all + BigInt(each['count'] ?? 'x'), 0n)
        const classes = ['ok_count', 'redirect_count', 'client_error_count', 'server_error_count']
        expect(classes.reduce((all, name) => all + BigInt(String(window[name])), informational)).toBe(total)
      }
      const all = windows.reduce((total, window) => total + BigInt(String(window['total_count'])), 0n)
      expect(all).toBe(given.reduce((total, each) => total + BigInt(each.n), 0n))
    }
  })
})
