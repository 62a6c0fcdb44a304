import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { statusWords } from '../../../src/core/status.ts'
import type { EventRow } from './support.ts'
import { everything, runPass } from './support.ts'

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/access/${name}`, import.meta.url))

/** Counted by another program, in another language, over the log and the two lines that are added here. */
const expected = z
  .object({
    lines: z.number(),
    blank: z.number(),
    parsed: z.number(),
    malformed: z.number(),
    repaired: z.number(),
    malformed_by_reason: z.record(z.string(), z.number()),
    status: z.record(z.string(), z.number()),
    bytes_by_status: z.record(z.string(), z.number()),
    odd_requests: z.number(),
    endpoints: z.array(z.tuple([z.string(), z.number()])),
    rows_digest: z.string(),
    rows_masked_to_null: z.number(),
    distinct_masked: z.number(),
    masked_digest: z.string(),
    window_seconds: z.number(),
    windows: z.array(z.tuple([z.string(), z.number(), z.number(), z.number(), z.number(), z.number(), z.number()])),
  })
  .parse(JSON.parse(fixture('mixed.json').toString()))

const last = '198.51.100.5 - - [2026-11-01T05:00:09Z] "GET /last HTTP/1.1" 200 1 "-" "-"'
const log = Buffer.concat([fixture('mixed.log'), Buffer.alloc(1_048_577, 'x'), Buffer.from(`\n${last}`)])

const result = runPass(log, everything)

const digest = (rows: readonly string[]): string =>
  createHash('sha256')
    .update(
      [...rows]
        .map((row) => Buffer.from(row))
        .sort(Buffer.compare)
        .map(String)
        .join('\n'),
    )
    .digest('hex')

const requestOf = (row: EventRow): string =>
  row.method === null
    ? (row.message ?? '').slice(0, -statusWords(row.status).length - 1)
    : [row.method, row.path, row.protocol].filter((word) => word !== null).join(' ')

const textOf = (row: EventRow, ip: string | null): string =>
  [
    row.ts_us,
    ip ?? '',
    row.user_id ?? '-',
    requestOf(row),
    row.status,
    row.bytes,
    row.referer ?? '-',
    row.user_agent ?? '-',
  ].join('\t')

const countBy = <T>(rows: readonly T[], key: (row: T) => string, value: (row: T) => number): Record<string, number> => {
  const sums: Record<string, number> = {}
  for (const row of rows) sums[key(row)] = (sums[key(row)] ?? 0) + value(row)
  return sums
}

describe('a log with every kind of bad line', () => {
  test('adds up', () => {
    expect(result.counts).toMatchObject({
      lines_read: expected.lines,
      lines_parsed: expected.parsed,
      lines_rejected: expected.malformed,
      lines_blank: expected.blank,
      repaired: expected.repaired,
    })
    expect(expected.parsed + expected.malformed + expected.blank).toBe(expected.lines)
    expect(
      countBy(
        result.rejects,
        ({ reason }) => reason,
        () => 1,
      ),
    ).toEqual(expected.malformed_by_reason)
  })

  test('has the rows of an independent count', () => {
    expect(
      countBy(
        result.events,
        ({ status }) => String(status),
        () => 1,
      ),
    ).toEqual(expected.status)
    expect(
      countBy(
        result.events,
        ({ status }) => String(status),
        ({ bytes }) => Number(bytes),
      ),
    ).toEqual(expected.bytes_by_status)
    expect(result.events.filter(({ method }) => method === null)).toHaveLength(expected.odd_requests)
    expect(digest(result.events.map((row) => textOf(row, row.ip)))).toBe(expected.rows_digest)
  })

  test('has the networks of an independent count', () => {
    const networks = new Map(result.masked.map(({ off, ip }) => [off, ip]))
    expect([...networks.values()].filter((ip) => ip === null)).toHaveLength(expected.rows_masked_to_null)
    expect(new Set([...networks.values()].filter((ip) => ip !== null)).size).toBe(expected.distinct_masked)
    const rows = result.events.map((row) => textOf(row, networks.get(row.off) ?? null))
    expect(digest(rows)).toBe(expected.masked_digest)
  })

  test('has the windows and endpoints of an independent count', () => {
    const windows = new Map<string, number[]>()
    for (const { window_us, status, n, bytes } of result.windowCounts) {
      const start = new Date(Number(window_us / 1000n)).toISOString().replace('.000Z', 'Z')
      const sums = windows.get(start) ?? [0, 0, 0, 0, 0, 0]
      windows.set(start, sums)
      const category = status >= 200 ? Math.floor(status / 100) - 2 : 4
      sums[category] = (sums[category] ?? 0) + n
      sums[5] = (sums[5] ?? 0) + Number(bytes)
    }
    expect([...windows].sort().map(([start, sums]) => [start, ...sums])).toEqual(expected.windows)
    const masked = countBy(
      expected.endpoints,
      ([endpoint]) => maskedEndpoints[endpoint] ?? endpoint,
      ([, n]) => n,
    )
    expect(
      countBy(
        result.windowCounts,
        ({ endpoint }) => endpoint ?? '',
        ({ n }) => n,
      ),
    ).toEqual(masked)
  })

  test('keeps every line in raw form, and the true bytes of those that cannot be kept so', () => {
    const raw = runPass(log, ['lines'])
    expect(raw.counts).toMatchObject({
      lines_read: expected.lines,
      lines_parsed: expected.lines - expected.blank,
      lines_rejected: 0,
      lines_blank: expected.blank,
    })
    expect(raw.lines).toHaveLength(expected.lines - expected.blank)
    const { too_long } = expected.malformed_by_reason
    expect(
      countBy(
        raw.rejects,
        ({ reason }) => reason,
        () => 1,
      ),
    ).toMatchObject({ too_long })
    expect(raw.counts.repaired).toBe(raw.rejects.filter(({ reason }) => reason === 'invalid_utf8').length)
    for (const { off, raw_line } of raw.lines.slice(0, -2)) {
      const lf = log.indexOf(10, off)
      expect(log.toString('utf8', off, lf).replace(/\r$/, '')).toBe(raw_line)
    }
    expect(raw.lines.at(-2)?.raw_line).toBe('x'.repeat(1_048_576))
    expect(raw.lines.at(-1)?.raw_line).toBe(last)
  })
})

/** Endpoints that hold an address, as the count has them and as they are stored. */
const maskedEndpoints: Readonly<Record<string, string>> = { '/p/%31%39%38.51.100.7': '/p/198.51.100.0' }
