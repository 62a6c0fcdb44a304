import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TableName } from '../../../src/core/tables.ts'
import { type Row, runStage, type StageRun } from './support.ts'

const log = readFileSync(new URL('../../fixtures/stages/every-kind.log', import.meta.url))
const lineEnds = [...log.keys()].filter((i) => log[i] === 10).map((i) => i + 1)

const cutAt = (places: readonly number[]): readonly Uint8Array[] => {
  const edges = [0, ...[...new Set(places)].sort((a, b) => a - b), log.length]
  return edges.slice(1).map((edge, i) => log.subarray(edges[i], edge))
}

/** Rows without the name of the chunk that brought them, and alerts without the count that it knew. */
const rowsOf = (run: StageRun, table: TableName): readonly Row[] =>
  (run.rows[table] ?? []).map((row) => ({
    ...row,
    chunk_id: undefined,
    reason: String(row['reason']).replace(/\d+ (?:failed logins|requests? within)/, 'n'),
  }))

const add = (sums: Map<string, bigint>, key: string, amount: unknown): void => {
  sums.set(key, (sums.get(key) ?? 0n) + BigInt(String(amount)))
}

/** Every sum of every window, whatever the number of rows that it came in. */
const sumsOf = (run: StageRun): ReadonlyMap<string, bigint> => {
  const sums = new Map<string, bigint>()
  for (const row of run.rows.log_aggregates ?? []) {
    const window = String(row['time_window'])
    for (const [name, value] of Object.entries(row))
      if (/_count$|^total_bytes$/.test(name)) add(sums, `${window} ${name}`, value)
    for (const list of ['endpoints', 'statuses'])
      for (const item of row[list] as readonly Row[]) {
        const key = `${window} ${list} ${item['endpoint'] ?? item['status']}`
        add(sums, `${key} count`, item['count'])
        add(sums, `${key} bytes`, item['bytes'])
      }
  }
  return new Map([...sums].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const cuts = fc
  .sample(fc.subarray(lineEnds, { minLength: 1, maxLength: 6 }), { numRuns: 5, seed: 11 })
  .map((places) => [places.join(', '), cutAt(places)] as const)

describe.each(cuts)('a log cut at %s', (_, pieces) => {
  test.each([
    ['raw', 'raw_logs'],
    ['structured', 'log_results'],
    ['private', 'log_results'],
    ['aggregated', 'emergency_logs'],
  ] as const)('gives %s the same rows in %s as the whole', async (id, table) => {
    const [whole, cut] = [await runStage(id, [log]), await runStage(id, pieces)]
    expect(rowsOf(cut, table).length).toBeGreaterThan(20)
    expect(rowsOf(cut, table)).toEqual(rowsOf(whole, table))
    expect(cut.rejects).toEqual(whole.rejects)
  })

  test('gives windows that add up to the same', async () => {
    const [whole, cut] = [await runStage('aggregated', [log]), await runStage('aggregated', pieces)]
    expect(sumsOf(cut).size).toBeGreaterThan(50)
    expect([...sumsOf(cut)]).toEqual([...sumsOf(whole)])
    expect(cut.rules).toEqual(whole.rules)
  })
})
