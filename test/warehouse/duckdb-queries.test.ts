import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toAppError } from '../../src/core/errors.ts'
import { tables } from '../../src/core/tables.ts'
import { programs } from '../../src/programs.ts'
import { openWarehouse } from '../../src/warehouse/open.ts'
import type { Warehouse } from '../../src/warehouse/warehouse.ts'

const call = { signal: new AbortController().signal }
const path = mkdtempSync(join(tmpdir(), 'bbq-warehouse-'))
let warehouse: Warehouse

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
})
afterAll(async () => {
  await warehouse.close()
  rmSync(path, { recursive: true, force: true })
})

const ask = (sql: string) => warehouse.query(sql, { ...call, limit: 10 })
const kindOf = (sql: string) =>
  ask(sql).then(
    () => 'answered',
    (thrown: unknown) => toAppError(thrown).kind,
  )

test.each([
  "SELECT * FROM read_text('/etc/passwd')",
  "SELECT * FROM read_text('../../../../../../etc/passwd')",
  "SELECT * FROM '/etc/hosts'",
  "SELECT * FROM read_csv('/etc/passwd')",
  "SELECT * FROM glob('/etc/*')",
  "ATTACH '/tmp/other.db'",
  'INSTALL httpfs',
  'LOAD httpfs',
  'SET enable_external_access = true',
  'RESET allowed_directories',
  "COPY raw_logs TO 'raw_logs/copy.parquet'",
  "EXPORT DATABASE 'raw_logs/all'",
  'CREATE TABLE t (a INTEGER)',
  'DROP VIEW raw_logs',
  'PRAGMA enable_profiling',
  'CALL pragma_version()',
  "/* hidden */ EXPLAIN (ANALYZE) COPY raw_logs TO 'raw_logs/copy.parquet'",
  "EXPLAIN ANALYZE COPY raw_logs TO 'raw_logs/copy.parquet'",
])('a query does not get through: %s', async (sql) => {
  expect(['refused', 'usage']).toContain(await kindOf(sql))
  expect(readdirSync(join(path, 'd', 'raw_logs')).sort()).toEqual(['_schema.parquet', 'abcd'])
  expect((await ask('SELECT count(*) FROM raw_logs')).rows).toEqual([[0]])
})

test.each([
  'WITH x AS (SELECT 1) FROM x',
  'DESCRIBE raw_logs',
  'SHOW TABLES',
  'SUMMARIZE raw_logs',
  'EXPLAIN SELECT 1',
  '-- a thought\nEXPLAIN ANALYZE SELECT 1;',
  'VALUES (1)',
])('a query reads: %s', async (sql) => {
  expect((await ask(sql)).rows.length).toBeGreaterThan(0)
})

test('a query leaves what is no placeholder alone', async () => {
  expect((await ask("SELECT {'a': 1} AS record, '{other}' AS text")).rows).toEqual([[{ a: 1 }, '{other}']])
})
