import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toAppError } from '../../src/core/errors.ts'
import { tables } from '../../src/core/tables.ts'
import { programs } from '../../src/programs.ts'
import { openWarehouse } from '../../src/warehouse/open.ts'
import type { Warehouse } from '../../src/warehouse/warehouse.ts'

const call = { signal: new AbortController().signal }
const path = mkdtempSync(join(tmpdir(), 'bbq-warehouse-'))
let warehouse: Warehouse
let before: readonly unknown[] = []

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
  before = readdirSync(join(path, 'd'), { recursive: true }).toSorted()
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

const refusal = async (sql: string): Promise<string> => {
  const thrown = await ask(sql).then(
    ({ rows }) => new Error(`it was answered: ${JSON.stringify(rows)}`),
    (error: unknown) => error,
  )
  return toAppError(thrown).what
}

describe('functions that DuckDB itself lists', () => {
  let inFrom: readonly string[] = []
  let volatile: readonly string[] = []
  beforeAll(async () => {
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    const names = async (where: string) =>
      (
        await connection.runAndReadAll(
          `SELECT DISTINCT function_name FROM duckdb_functions() WHERE ${where} ORDER BY 1`,
        )
      )
        .getRows()
        .map(([name]) => String(name))
    inFrom = await names("function_type IN ('table', 'table_macro')")
    volatile = await names("stability = 'VOLATILE'")
    connection.closeSync()
    instance.closeSync()
  })

  // What they are: rows of their own arguments, or the catalog of a database in memory.
  const reading =
    'generate_series json_each json_tree range repeat repeat_row unnest duckdb_columns duckdb_functions duckdb_keywords duckdb_schemas duckdb_tables duckdb_types duckdb_views icu_calendar_names pg_timezone_names pragma_table_info pragma_version'

  test('do not run in FROM, however they are written, unless they only read', async () => {
    expect(inFrom.length).toBeGreaterThan(80)
    const refused = inFrom.filter((name) => !reading.split(' ').includes(name))
    for (const name of refused)
      for (const sql of [`SELECT * FROM ${name}()`, `FROM system.main."${name.toUpperCase()}"('x')`])
        expect(await refusal(sql), sql).toBe(`Queries only read; the function ${name} does not run here.`)
  }, 120_000)

  test('that do more than make a value do not run in an expression', async () => {
    const only = 'current_query error gen_random_uuid random sleep_ms uuid uuidv4 uuidv7'
    const refused = volatile.filter((name) => !only.split(' ').includes(name))
    expect(refused).toContain('write_log')
    for (const name of refused)
      expect(await refusal(`SELECT max(1) FILTER (main.${name}('x') IS NULL)`)).toMatch(
        `Queries only read; the function ${name} does not run here.`,
      )
    expect((await ask('SELECT random() < 2, length(uuid()::VARCHAR)')).rows).toEqual([[true, 36]])
  })
})

test.each([
  "SELECT * FROM enable_logging(storage = 'file', storage_path = './raw_logs/abcd')",
  "EXPLAIN ANALYZE SELECT * FROM enable_logging(storage = 'file', storage_path = './raw_logs/abcd')",
  "SELECT (SELECT count(*) FROM enable_logging(storage = 'file', storage_path = './raw_logs/abcd'))",
  "SELECT * FROM query('FROM enable_logging(storage = ''file'', storage_path = ''./raw_logs/abcd'')')",
  "SELECT json_serialize_plan('FROM enable_logging()')",
  "DESCRIBE FROM enable_profiling(save_location = './raw_logs/abcd/x.txt')",
  "SELECT write_log('x')",
  'WITH a AS (SELECT 1) SELECT * FROM a WHERE 1 IN (SELECT setseed(0.5))',
  "EXPLAIN (FORMAT json) COPY raw_logs TO 'raw_logs/copy.parquet'",
  "EXPLAIN SELECT 1; COPY raw_logs TO 'raw_logs/copy.parquet'",
  "FROM './epoch.csv'",
  "FROM 'raw_logs/_schema.parquet'",
  'FROM raw_logs.parquet',
  "DESCRIBE 'raw_logs/_schema.parquet'",
  "SELECT * FROM raw_logs, (FROM '*.parquet')",
  'PIVOT raw_logs ON region USING count(*)',
])('nothing is written, set or read but tables: %s', async (sql) => {
  expect(await refusal(sql)).toMatch(/^(?:Queries (?:only read;|read tables)|One statement runs at a time)/)
  await ask('SELECT 1')
  expect(readdirSync(join(path, 'd'), { recursive: true }).toSorted()).toEqual(before)
})

test('what hides a statement from one reader and not from the other is not run', async () => {
  await ask("EXPLAIN ANALYZE /* /* */ SELECT 1 -- */ */ COPY raw_logs TO 'raw_logs/copy.parquet'")
  expect(readdirSync(join(path, 'd'), { recursive: true }).toSorted()).toEqual(before)
})

test.each([
  'WITH x AS (SELECT 1) FROM x',
  'DESCRIBE raw_logs',
  'SHOW TABLES',
  'SUMMARIZE raw_logs',
  'EXPLAIN SELECT 1',
  '-- a thought\nEXPLAIN ANALYZE SELECT 1;',
  'VALUES (1)',
  'EXPLAIN (ANALYZE, FORMAT json) SELECT 1',
  'EXPLAIN (SELECT 1)',
  'SHOW ALL TABLES',
  'SELECT * FROM (DESCRIBE raw_logs)',
  'FROM information_schema.tables',
  'SELECT * FROM memory.main.raw_logs RIGHT JOIN range(2) ON true',
  'SELECT unnest([1, 2]), list_transform([1], x -> x + 1), count(*) OVER () FROM generate_series(1, 2)',
  "PIVOT (SELECT 'a' AS k, 1 AS n) ON k IN ('a') USING sum(n)",
])('a query reads: %s', async (sql) => {
  expect((await ask(sql)).rows.length).toBeGreaterThan(0)
})

test('a query leaves what is no placeholder alone', async () => {
  expect((await ask("SELECT {'a': 1} AS record, '{other}' AS text")).rows).toEqual([[{ a: 1 }, '{other}']])
})
