import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stages } from '../../processors/stages/index.ts'
import { tables } from '../../src/core/tables.ts'
import { programs } from '../../src/programs.ts'
import { openWarehouse } from '../../src/warehouse/open.ts'
import type { Warehouse } from '../../src/warehouse/warehouse.ts'
import { leastRatio } from '../ratio.ts'
import { openParquetWriter } from './parquet.ts'

const call = { signal: new AbortController().signal, limit: 100 }
const files = 2_000
const path = mkdtempSync(join(tmpdir(), 'bbq-many-'))
let warehouse: Warehouse

/** A window of one chunk, with as many endpoints as a shop has. */
const windows = `SELECT 'abcd-1' AS chunk_id, 'aws-' || i % 3 AS nodeName, 'eu' AS region, 10 AS log_count, 10 AS total_count,
  2 AS server_error_count, 100 AS total_bytes, TIMESTAMPTZ '2026-11-24 10:00:00+00' + INTERVAL (i * 5) MINUTE AS time_window,
  [{'endpoint': '/e/' || k, 'count': 1, 'bytes': 1} FOR k IN range(30)] AS endpoints,
  [{'status': 200, 'count': 8, 'bytes': 80}, {'status': 500, 'count': 2, 'bytes': 20}] AS statuses
  FROM range(4) AS t(i)`

beforeAll(async () => {
  warehouse = await openWarehouse({
    kind: 'duckdb',
    path,
    dataset: 'd',
    programs,
    nodePath: process.execPath,
    now: Date.now,
    newEpoch: () => 'abcd',
  })
  await warehouse.confirm(tables, call)
  const writer = await openParquetWriter()
  const file = (n: number) => join(path, 'd', 'log_aggregates', 'abcd', `abcd-${n}.parquet`)
  await writer.write(file(0), 'log_aggregates', windows)
  writer.close()
  for (let n = 1; n < files; n++) copyFileSync(file(0), file(n))
})
afterAll(async () => {
  await warehouse.close()
  rmSync(path, { recursive: true, force: true })
})

const canned = stages.flatMap((stage) => stage.queries)

test.each(canned.map(({ id, sql }) => [id, sql] as const))('%s reads every file of a table once', async (_id, sql) => {
  const { rows } = await warehouse.query(`EXPLAIN (FORMAT json) ${sql}`, call)
  const scans = String(rows[0]?.[1]).match(/"name": *"READ_PARQUET/g) ?? []
  const named = new Set([...sql.matchAll(/\{(log_\w+|raw_logs|emergency_logs)\}/g)].map(([name]) => name))
  expect(scans.length).toBe(named.size)
})

describe('over thousands of files', () => {
  test.each(['aggregated-windows', 'aggregated-outage'])('%s costs little more than to count them', async (id) => {
    const sql = canned.find((query) => query.id === id)?.sql ?? ''
    expect((await warehouse.query(sql, call)).rows.length).toBeGreaterThan(3)
    const counting = 'SELECT count(DISTINCT chunk_id), sum(total_count) FROM {log_aggregates}'
    const bound = 2.5
    expect(
      await leastRatio(
        () => warehouse.query(sql, call),
        () => warehouse.query(counting, call),
        bound,
      ),
    ).toBeLessThan(bound)
  })
})
