import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { stages } from '../../../processors/stages/index.ts'
import { findAddresses, textsOf } from './address-scan.ts'
import { type Row, runStage, type StageRun } from './support.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/stages/${name}`, import.meta.url))
const log = readFileSync(fixture('every-kind.log'))

/** Counted by a program that shares nothing with this one. */
interface Reference {
  readonly lines: number
  readonly blank: number
  readonly parsed: number
  readonly rejected: Readonly<Record<string, number>>
  readonly status: Readonly<Record<string, number>>
  readonly bytes_by_status: Readonly<Record<string, number>>
  readonly networks: Readonly<Record<string, number>>
  readonly masked_to_null: number
  readonly windows: readonly (readonly [string, number, number, number, number, number, number])[]
}
const reference = JSON.parse(readFileSync(fixture('every-kind.reference.json'), 'utf8')) as Reference

const tally = <T>(
  items: readonly T[],
  key: (item: T) => string,
  amount: (item: T) => number,
): Record<string, number> => {
  const sums: Record<string, number> = {}
  for (const item of items) sums[key(item)] = (sums[key(item)] ?? 0) + amount(item)
  return sums
}
const number = (row: Row, column: string): number => Number(row[column])
const rejected = Object.values(reference.rejected).reduce((sum, count) => sum + count, 0)

const runs: Record<string, StageRun> = {}
const run = (id: string): StageRun => {
  const found = runs[id]
  if (found === undefined) throw new Error(`${id} has not run`)
  return found
}

beforeAll(async () => {
  for (const stage of stages) runs[stage.id] = await runStage(stage.id, [log])
})

describe.each(stages.map((stage) => stage.id))('%s over a log with every kind of line', (id) => {
  test('writes the golden rows', async () => {
    const { rows, counts, rejects, rules } = run(id)
    const text = JSON.stringify({ counts, rejects, rules: id === 'aggregated' ? rules : undefined, rows }, null, 1)
    await expect(`${text}\n`).toMatchFileSnapshot(fixture(`golden-${id}.json`))
  })

  test('accounts for every line', () => {
    const [counts] = run(id).counts
    const wanted = id === 'raw' ? [reference.parsed + rejected, 0] : [reference.parsed, rejected]
    expect([counts?.lines_parsed, counts?.lines_rejected]).toEqual(wanted)
    expect([counts?.lines_read, counts?.lines_blank]).toEqual([reference.lines, reference.blank])
  })
})

test('raw holds every line that is not blank, at its offset', () => {
  const rows = run('raw').rows.raw_logs ?? []
  expect(rows).toHaveLength(reference.lines - reference.blank)
  for (const row of rows) {
    const offset = Number(String(row['remote_log_id']).split('/')[2])
    const end = log.indexOf(10, offset)
    const line = log.subarray(offset, end < 0 ? undefined : end).toString('utf8')
    expect(row['raw_line']).toBe(line.replace(/\r$/, ''))
  }
})

describe.each(['structured', 'private'])('%s as an independent count has it', (id) => {
  test('rows and bytes by status, rejects by reason', () => {
    const { rows, rejects } = run(id)
    const results = rows.log_results ?? []
    expect(
      tally(
        results,
        (row) => String(row['status']),
        () => 1,
      ),
    ).toEqual(reference.status)
    expect(
      tally(
        results,
        (row) => String(row['status']),
        (row) => number(row, 'bytes'),
      ),
    ).toEqual(reference.bytes_by_status)
    expect(
      tally(
        rejects,
        (reject) => reject.reason,
        () => 1,
      ),
    ).toEqual(reference.rejected)
    expect(new Set(results.map((row) => row['remote_log_id'])).size).toBe(reference.parsed)
  })
})

test('private keeps networks as an independent count has them', () => {
  const results = run('private').rows.log_results ?? []
  const named = results.filter((row) => row['ip'] !== null)
  expect(
    tally(
      named,
      (row) => String(row['ip']),
      () => 1,
    ),
  ).toEqual(reference.networks)
  expect(results.length - named.length).toBe(reference.masked_to_null)
})

test('aggregated has the windows of an independent count', () => {
  const windows = run('aggregated').rows.log_aggregates ?? []
  const found = windows.map((row) => [
    String(row['time_window']).replace(' ', 'T').replace('+00', 'Z'),
    ...['ok_count', 'redirect_count', 'client_error_count', 'server_error_count'].map((name) => number(row, name)),
    number(row, 'total_bytes'),
  ])
  expect(found).toEqual(
    reference.windows.map(([start, ok, redirect, client, server, , bytes]) => [
      start,
      ok,
      redirect,
      client,
      server,
      bytes,
    ]),
  )
  for (const row of windows) {
    for (const list of ['endpoints', 'statuses']) {
      const items = row[list] as readonly Row[]
      expect(items.reduce((sum, item) => sum + number(item, 'count'), 0)).toBe(number(row, 'total_count'))
      expect(items.reduce((sum, item) => sum + number(item, 'bytes'), 0)).toBe(number(row, 'total_bytes'))
    }
  }
})

test('aggregated raises an emergency for every 5xx line, attack and failing window', () => {
  const emergencies = run('aggregated').rows.emergency_logs ?? []
  const errors = Object.entries(reference.status).filter(([status]) => Number(status) >= 500)
  expect(
    tally(
      emergencies,
      (row) => String(row['kind']),
      () => 1,
    ),
  ).toEqual({
    'critical error': errors.reduce((sum, [, count]) => sum + count, 0),
    // five failed logins of one client, a scanner's path, a traversal, an injection
    'security alert': 4,
    'system failure': 1,
  })
  expect(new Set(emergencies.map((row) => row['event_id'])).size).toBe(emergencies.length)
})

describe('an independent scan', () => {
  test('finds the addresses that the log and the stages before hold', () => {
    const found = (id: string): number =>
      Object.values(run(id).rows)
        .flat()
        .flatMap((row) => textsOf(row))
        .filter(([, text]) => findAddresses(text).length > 0).length
    expect(found('raw')).toBeGreaterThan(40)
    expect(found('structured')).toBeGreaterThan(40)
  })

  test.each(['private', 'aggregated'])('finds no full address in any text that %s wrote', (id) => {
    const texts = Object.entries(run(id).rows).flatMap(([table, rows]) => textsOf(rows, table))
    expect(texts.length).toBeGreaterThan(100)
    const found = texts.filter(([, text]) => findAddresses(text).length > 0)
    expect(found).toEqual([])
    expect(run(id).counts.map((counts) => counts.full_addresses)).toEqual([0])
  })

  test('sees what it should and nothing else', () => {
    expect(findAddresses('from 192.0.2.7, [2001:db8::1]:80 and ::ffff:203.0.113.7')).toEqual([
      '192.0.2.7',
      '2001:db8::1',
      '::ffff:203.0.113.7',
    ])
    expect(findAddresses('%3A%3A1 v4=203%2E0%2E113%2E92')).toEqual(['::1', '203.0.113.92'])
    expect(findAddresses('192.0.2.0 2001:db8:41c2:9:: std::string 10:22:31 ::')).toEqual([])
  })
})
