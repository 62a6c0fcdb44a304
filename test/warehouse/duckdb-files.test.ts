import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AppError, toAppError } from '../../src/core/errors.ts'
import { findTable, tables } from '../../src/core/tables.ts'
import { programs } from '../../src/programs.ts'
import { type DuckdbOptions, openWarehouse } from '../../src/warehouse/open.ts'
import type { Warehouse } from '../../src/warehouse/warehouse.ts'
import { openParquetWriter, type ParquetWriter } from './parquet.ts'

const call = { signal: new AbortController().signal }
let path = ''
let warehouse: Warehouse
let writer: ParquetWriter
let epochs = 0

const open = (more: Partial<DuckdbOptions> = {}): Promise<Warehouse> =>
  openWarehouse({
    kind: 'duckdb',
    path,
    dataset: 'd',
    programs,
    nodePath: process.execPath,
    now: Date.now,
    newEpoch: () => `epoch${epochs++}`,
    ...more,
  })

beforeAll(async () => {
  writer = await openParquetWriter()
})
afterAll(() => writer.close())
beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), 'bbq-warehouse-'))
  warehouse = await open()
})
afterEach(async () => {
  await warehouse.close()
  rmSync(path, { recursive: true, force: true })
})

const confirmed = async (): Promise<string> => (await warehouse.confirm(tables, call)).epoch
const file = (table: string, epoch: string, name: string): string => join(path, 'd', table, epoch, name)
const lines = (count: number): string =>
  `SELECT range AS n, 'line ' || range AS raw_line, make_timestamptz(range) AS upload_time FROM range(${count})`
const ask = (sql: string) => warehouse.query(sql, { ...call, limit: 10 })
const rawRows = async (): Promise<number | undefined> => (await warehouse.status(call))[0]?.rows
const failure = async (promise: Promise<unknown>): Promise<AppError> =>
  toAppError(
    await promise.then(
      () => new Error('it did not fail'),
      (thrown: unknown) => thrown,
    ),
  )

describe('files', () => {
  test('lie as the layout says', async () => {
    const epoch = await confirmed()
    expect(readdirSync(join(path, 'd')).sort()).toEqual([
      'emergency_logs',
      'epoch',
      'log_aggregates',
      'log_results',
      'raw_logs',
    ])
    expect(readdirSync(join(path, 'd', 'raw_logs')).sort()).toEqual(['_schema.parquet', epoch])
    expect(warehouse.sink()).toEqual({ kind: 'folder', path: join(path, 'd') })
    expect(warehouse.about.label).toBe(`DuckDB ${join(path, 'd')}`)
  })

  test('that are half written or hidden are not there yet', async () => {
    const epoch = await confirmed()
    await writer.write(file('raw_logs', epoch, 'a.parquet'), 'raw_logs', lines(3))
    for (const name of ['.b.parquet', 'c.parquet.part', 'notes.txt'])
      writeFileSync(file('raw_logs', epoch, name), 'PAR1 not yet')
    expect(await rawRows()).toBe(3)
    expect((await ask('SELECT count(*) FROM raw_logs')).rows).toEqual([[3]])
    expect((await warehouse.tail('raw_logs', { ...call, limit: 9 })).length).toBe(3)
  })

  test.each([['PAR1 and then nothing of use for a reader'], ['']])('that are broken are named: %j', async (content) => {
    const epoch = await confirmed()
    await writer.write(file('raw_logs', epoch, 'a.parquet'), 'raw_logs', lines(3))
    writeFileSync(file('raw_logs', epoch, 'broken.parquet'), content)
    for (const attempt of [
      () => ask('SELECT count(*) FROM raw_logs'),
      () => warehouse.status(call),
      () => warehouse.tail('raw_logs', { ...call, limit: 9 }),
    ]) {
      const error = await failure(attempt())
      expect(error.what).toBe(`${file('raw_logs', epoch, 'broken.parquet')} is not a whole Parquet file.`)
      expect(error.next[0]).toMatch(/^Move the file/)
    }
    rmSync(file('raw_logs', epoch, 'broken.parquet'))
    expect(await rawRows()).toBe(3)
  })

  test('are looked into once: what happens to a known one later does not count', async () => {
    const epoch = await confirmed()
    for (const name of ['a.parquet', 'b.parquet'])
      await writer.write(file('raw_logs', epoch, name), 'raw_logs', lines(3))
    expect(await rawRows()).toBe(6)
    truncateSync(file('raw_logs', epoch, 'a.parquet'), 5)
    expect(await rawRows()).toBe(6)
    rmSync(file('raw_logs', epoch, 'a.parquet'))
    expect(await rawRows()).toBe(3)
  })

  test('arrive whole while queries run: counts are multiples of a chunk and never fall', async () => {
    const epoch = await confirmed()
    // which loads DuckDB
    await ask('SELECT count(*) FROM raw_logs')
    let arriving = true
    const send = async (): Promise<void> => {
      for (let chunk = 0; chunk < 60; chunk++)
        await writer.write(file('raw_logs', epoch, `${chunk}.parquet`), 'raw_logs', lines(7))
    }
    const seen: number[] = []
    const watch = async (): Promise<void> => {
      while (arriving)
        seen.push(Number((await ask('SELECT count(*) FROM raw_logs')).rows[0]?.[0]), (await rawRows()) ?? -1)
    }
    await Promise.all([
      send().finally(() => {
        arriving = false
      }),
      watch(),
    ])
    for (const count of seen) expect(count % 7).toBe(0)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(seen.length).toBeGreaterThan(3)
    expect((await ask('SELECT count(*) FROM raw_logs')).rows).toEqual([[420]])
  })

  test('may be thousands', async () => {
    const epoch = await confirmed()
    await writer.write(file('raw_logs', epoch, '0.parquet'), 'raw_logs', lines(5))
    for (let n = 1; n < 2_000; n++)
      cpSync(file('raw_logs', epoch, '0.parquet'), file('raw_logs', epoch, `${n}.parquet`))
    expect(await rawRows()).toBe(10_000)
    expect((await ask('SELECT count(*), max(raw_line) FROM raw_logs')).rows).toEqual([[10_000, 'line 4']])
    expect((await warehouse.tail('raw_logs', { ...call, limit: 12 })).length).toBe(12)
  })
})

describe('a renamed log_results', () => {
  test('has its folder, its view and its placeholder under the new name', async () => {
    await warehouse.close()
    warehouse = await open({ logResultsTable: 'web_hits' })
    const epoch = await confirmed()
    await writer.write(file('web_hits', epoch, 'a.parquet'), 'log_results', 'SELECT 200 AS status')
    for (const name of ['{log_results}', 'web_hits'])
      expect((await ask(`SELECT status FROM ${name}`)).rows).toEqual([[200]])
    expect((await warehouse.status(call)).find(({ table }) => table === 'log_results')?.rows).toBe(1)
    expect(existsSync(join(path, 'd', 'log_results'))).toBe(false)
  })

  test("cannot take another table's name", async () => {
    const error = await failure(open({ logResultsTable: 'raw_logs' }))
    expect([error.kind, error.what]).toEqual(['usage', 'The table log_results cannot be called raw_logs.'])
  })
})

describe('confirm', () => {
  test('refuses a table with other columns and says what to do', async () => {
    const raw = findTable('raw_logs')
    const [first, ...others] = raw.columns
    if (first === undefined) throw new Error('raw_logs has no columns')
    const older = {
      ...raw,
      columns: [
        ...others.filter(({ name }) => name !== 'region'),
        { ...first, type: 'INT64' as const },
        { ...first, name: 'extra' },
      ],
    }
    await warehouse.confirm([older], call)
    const error = await failure(warehouse.confirm(tables, call))
    expect(error.kind).toBe('refused')
    expect(error.why).toBe('missing: region; unknown: extra; project_id is BIGINT, not VARCHAR.')
    expect(error.next[0]).toBe(`Move ${join(path, 'd', 'raw_logs')} out of the way; bbq makes it anew.`)
  })

  test('says when the epoch file holds something else', async () => {
    await confirmed()
    writeFileSync(join(path, 'd', 'epoch'), 'Not An Epoch')
    expect((await failure(warehouse.confirm(tables, call))).what).toMatch(/does not hold an epoch/)
  })
})

test('reset refuses before anything changed when files cannot be removed', async () => {
  const epoch = await confirmed()
  await writer.write(file('raw_logs', epoch, 'a.parquet'), 'raw_logs', lines(3))
  chmodSync(join(path, 'd', 'raw_logs', epoch), 0o555)
  const root = process.getuid?.() === 0
  if (root) {
    // Nothing is forbidden to root, so the process runs as somebody else.
    chmodSync(path, 0o755)
    for (const name of ['.', ...readdirSync(join(path, 'd'), { recursive: true }).map(String)])
      chownSync(join(path, 'd', name), 65_534, 65_534)
    mkdirSync(join(path, 'bin'))
    writeFileSync(
      join(path, 'bin', 'node'),
      `#!/bin/sh\nexec setpriv --reuid=65534 --regid=65534 --clear-groups '${process.execPath}' "$@"\n`,
      { mode: 0o755 },
    )
  }
  const other = await open(root ? { nodePath: join(path, 'bin', 'node') } : {})
  const error = await failure(other.reset(call))
  await other.close()
  expect(error.what).toBe(`The files in ${join(path, 'd', 'raw_logs', epoch)} cannot be removed. Nothing was changed.`)
  expect(error.kind).toBe('refused')
  expect(await confirmed()).toBe(epoch)
  expect(await rawRows()).toBe(3)
  chmodSync(join(path, 'd', 'raw_logs', epoch), 0o755)
})
