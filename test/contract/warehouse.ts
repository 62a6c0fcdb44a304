import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../src/core/errors.ts'
import { type TableName, tableNames, tables } from '../../src/core/tables.ts'
import type { Warehouse } from '../../src/warehouse/warehouse.ts'

/** A line as a test sends it to the warehouse. */
export interface SentLine {
  readonly id: string
  readonly text: string
  /** Microseconds since the epoch at which its chunk was sent. */
  readonly sentUs: number
}

/** A window's partial as a test sends it. */
export interface SentWindow {
  readonly node: string
  /** ISO 8601. */
  readonly window: string
  readonly total: number
  readonly bytes: number
  readonly endpoints: readonly { readonly endpoint: string; readonly count: number; readonly bytes: number }[]
}

/** One warehouse under test, and the way rows get into it; each call of `send…` is one chunk. */
export interface WarehouseUnderTest {
  readonly warehouse: Warehouse
  /** A second program on the same dataset. */
  readonly openAnother: () => Promise<Warehouse>
  readonly sendLines: (epoch: string, chunk: string, lines: readonly SentLine[]) => Promise<void>
  readonly sendWindows: (epoch: string, chunk: string, windows: readonly SentWindow[]) => Promise<void>
  readonly close: () => Promise<void>
}

/** SQL of the warehouse's own dialect for what has no portable form. */
export interface Dialect {
  /** One row: an INT64 of 2^53 + 1 as `big`, an INT64 of 42 as `small`, a NULL as `nothing`, a TIMESTAMP of 2026-11-24 10:22:31.104518 as `at`, a list of 1 and 2 as `list`, a record {a: 'x', b: 1} as `record`. */
  readonly values: string
  /** Something that takes minutes. */
  readonly slow: string
  /** A statement that would change the table raw_logs. */
  readonly write: string
}

const call = () => ({ signal: new AbortController().signal })
const line = (n: number, sentUs: number): SentLine => ({ id: `node/aaaa/${n}`, text: `line ${n}`, sentUs })
const second = 1_000_000
const base = Date.UTC(2026, 10, 24, 10) * 1000

const refusal = async (promise: Promise<unknown>): Promise<AppError> => {
  const thrown = await promise.then(
    (value) => {
      throw new Error(`expected an error, got ${JSON.stringify(value)}`)
    },
    (error: unknown) => error,
  )
  if (!(thrown instanceof AppError)) throw thrown
  return thrown
}

/** What every warehouse must do; the tests build on one another in their order. */
export const describeWarehouse = (name: string, open: () => Promise<WarehouseUnderTest>, dialect: Dialect): void => {
  describe(`the warehouse ${name}`, () => {
    let under: WarehouseUnderTest
    let epoch = ''
    const status = async (table: TableName) => (await under.warehouse.status(call())).find((one) => one.table === table)
    const ask = (sql: string, limit = 100) => under.warehouse.query(sql, { ...call(), limit })

    beforeAll(async () => {
      under = await open()
    })
    afterAll(() => under.close())

    test('has no rows before it was confirmed, and says so instead of answering a query', async () => {
      expect((await under.warehouse.status(call())).map(({ rows }) => rows)).toEqual(tableNames.map(() => 0))
      expect((await refusal(ask('SELECT count(*) FROM {raw_logs}'))).next.length).toBeGreaterThan(0)
    })

    test('makes tables and an epoch once, the same for two programs at once', async () => {
      const another = await under.openAnother()
      const [first, second] = await Promise.all([
        under.warehouse.confirm(tables, call()),
        another.confirm(tables, call()),
      ])
      await another.close()
      expect(first.epoch).toMatch(/^[a-z0-9]{4,32}$/)
      expect(second.epoch).toBe(first.epoch)
      expect([...new Set([...first.created, ...second.created])].sort()).toEqual([...tableNames].sort())
      expect(await under.warehouse.confirm(tables, call())).toEqual({ epoch: first.epoch, created: [] })
      epoch = first.epoch
    })

    test('answers over empty tables', async () => {
      for (const table of [...tableNames, 'log_aggregates_merged'])
        expect((await ask(`SELECT count(*) AS n FROM {${table}}`)).rows).toEqual([[0]])
      expect(await under.warehouse.tail('raw_logs', { ...call(), limit: 5 })).toEqual([])
      expect(await status('raw_logs')).toEqual({ table: 'raw_logs', rows: 0, bytes: 0, strays: 0 })
    })

    test('counts rows, bytes and the last change as chunks arrive', async () => {
      await under.sendLines(epoch, 'one', [line(1, base), line(2, base)])
      const before = await status('raw_logs')
      expect(before).toMatchObject({ rows: 2, strays: 0 })
      expect(before?.bytes).toBeGreaterThan(0)
      await under.sendLines(epoch, 'two', [line(3, base + second), line(4, base + second), line(5, base + second)])
      const after = await status('raw_logs')
      expect(after?.rows).toBe(5)
      expect(after?.bytes).toBeGreaterThan(before?.bytes ?? 0)
      expect(after?.changedAt).toBeGreaterThanOrEqual(before?.changedAt ?? Number.POSITIVE_INFINITY)
    })

    test('gives recent rows, newest arrival first, as many as asked', async () => {
      await under.sendLines(epoch, 'three', [line(6, base + 2 * second)])
      const rows = await under.warehouse.tail('raw_logs', { ...call(), limit: 3 })
      expect(rows.map((row) => row['raw_line'])[0]).toBe('line 6')
      expect(rows.length).toBe(3)
      expect(new Set(rows.slice(1).map((row) => row['upload_time']))).toEqual(new Set(['2026-11-24T10:00:01.000000Z']))
      expect(Object.keys(rows[0] ?? {})).toContain('remote_log_id')
      expect((await under.warehouse.tail('raw_logs', { ...call(), limit: 50 })).length).toBe(6)
    })

    test('fills in placeholders and says when more rows exist than were asked for', async () => {
      const sql = "SELECT raw_line FROM {raw_logs} WHERE STARTS_WITH(chunk_id, '{epoch}') ORDER BY raw_line"
      const some = await ask(sql, 4)
      expect(some).toMatchObject({ truncated: true, rows: [['line 1'], ['line 2'], ['line 3'], ['line 4']] })
      expect(some.columns.map((column) => column.name)).toEqual(['raw_line'])
      const all = await ask(sql, 6)
      expect([all.rows.length, all.truncated]).toEqual([6, false])
      expect((await ask(sql, 0)).rows).toEqual([])
    })

    test('cuts an answer where it holds as many bytes as it may, and says so', async () => {
      const sql = "SELECT REPEAT('x', 1000) AS text FROM {raw_logs}"
      const cut = await under.warehouse.query(sql, { ...call(), limit: 5, answerBytes: 4_000 })
      expect(cut).toMatchObject({ truncated: true, full: true })
      expect(cut.rows).toEqual(Array.from({ length: 3 }, () => ['x'.repeat(1000)]))
      expect(await under.warehouse.query(sql, { ...call(), limit: 2, answerBytes: 4_000 })).toMatchObject({
        truncated: true,
        full: false,
      })
      const none = await refusal(under.warehouse.query(sql, { ...call(), limit: 5, answerBytes: 900 }))
      expect(none.what).toBe('The answer is too large: its first row holds more than 900 B.')
    })

    test('gives values as the contract has them', async () => {
      const { columns, rows } = await ask(dialect.values)
      expect(Object.fromEntries(columns.map((column, index) => [column.name, rows[0]?.[index]]))).toEqual({
        big: '9007199254740993',
        small: 42,
        nothing: null,
        at: '2026-11-24T10:22:31.104518Z',
        list: [1, 2],
        record: { a: 'x', b: 1 },
      })
    })

    test('merges partials of one node and window', async () => {
      const window = '2026-11-24T10:05:00Z'
      const part = (node: string, total: number, bytes: number, endpoint: string): SentWindow => ({
        node,
        window,
        total,
        bytes,
        endpoints: [
          { endpoint, count: total - 1, bytes: bytes - 1 },
          { endpoint: '/', count: 1, bytes: 1 },
        ],
      })
      await under.sendWindows(epoch, 'four', [part('a', 10, 1_000, '/cart'), part('b', 4, 100, '/cart')])
      await under.sendWindows(epoch, 'five', [part('a', 30, 2_000, '/cart')])
      const { rows } = await ask(
        'SELECT nodeName, total_count, total_bytes, avg_bytes, endpoints FROM {log_aggregates_merged} ORDER BY nodeName',
      )
      expect(rows.map((row) => row.slice(0, 4))).toEqual([
        ['a', 40, 3_000, 75],
        ['b', 4, 100, 25],
      ])
      expect(rows[0]?.[4]).toEqual([
        { endpoint: '/cart', count: 38, bytes: 2_998 },
        { endpoint: '/', count: 2, bytes: 2 },
      ])
      expect((await ask('SELECT count(*) FROM {log_aggregates}')).rows).toEqual([[3]])
    })

    test('says where a query is wrong, and what there is', async () => {
      const error = await refusal(ask('SELECT raw_line,\n  no_such_column\nFROM {raw_logs}'))
      expect(error.kind).toBe('usage')
      expect(`${error.what} ${error.why}`).toMatch(/no_such_column/)
      expect(error.what).toMatch(/line 2/)
      expect(error.next.join(' ')).toMatch(/raw_logs/)
      expect((await refusal(ask('SELEKT 1'))).kind).toBe('usage')
      expect((await refusal(ask('  -- nothing\n '))).kind).toBe('usage')
    })

    test('lets a query only read', async () => {
      for (const sql of [dialect.write, `EXPLAIN ANALYZE ${dialect.write}`, `SELECT 1; ${dialect.write}`])
        expect(['refused', 'usage'], sql).toContain((await refusal(ask(sql))).kind)
      expect((await status('raw_logs'))?.rows).toBe(6)
    })

    test('stops a query when it is told to, and goes on answering', async () => {
      const controller = new AbortController()
      const running = refusal(under.warehouse.query(dialect.slow, { signal: controller.signal, limit: 1 }))
      await ask('SELECT 1')
      controller.abort()
      expect((await running).kind).toBe('interrupted')
      expect((await ask('SELECT 1 AS one')).rows).toEqual([[1]])
      const aborted = AbortSignal.abort()
      expect((await refusal(under.warehouse.query('SELECT 1', { signal: aborted, limit: 1 }))).kind).toBe('interrupted')
    })

    test('gives up at the deadline, and goes on answering', async () => {
      const error = await refusal(under.warehouse.query(dialect.slow, { ...call(), limit: 1, deadlineMs: 300 }))
      expect(error.kind).toBe('unreachable')
      expect(error.next.length).toBeGreaterThan(0)
      expect((await ask('SELECT 1 AS one')).rows).toEqual([[1]])
    })

    test('cuts long texts of recent rows', async () => {
      await under.sendLines(epoch, 'long', [{ id: 'node/aaaa/7', text: 'é'.repeat(20_000), sentUs: base + 3 * second }])
      const [row] = await under.warehouse.tail('raw_logs', { ...call(), limit: 1 })
      expect(row?.['raw_line']).toBe('é'.repeat(8_192))
    })

    test('starts anew after a reset: no rows, another epoch, tables that stand', async () => {
      const fresh = await under.warehouse.reset(call())
      expect(fresh.epoch).not.toBe(epoch)
      expect(await under.warehouse.confirm(tables, call())).toEqual({ epoch: fresh.epoch, created: [] })
      expect(await status('raw_logs')).toEqual({ table: 'raw_logs', rows: 0, bytes: 0, strays: 0 })
      expect((await ask('SELECT count(*) FROM {raw_logs}')).rows).toEqual([[0]])
      expect(await under.warehouse.tail('raw_logs', { ...call(), limit: 5 })).toEqual([])
    })

    test('marks rows that still arrive under an old epoch as strays, and counts them nowhere else', async () => {
      await under.sendLines(epoch, 'late', [line(7, base), line(8, base)])
      expect(await status('raw_logs')).toMatchObject({ rows: 0, strays: 2 })
      await under.warehouse.reset(call())
      expect(await status('raw_logs')).toMatchObject({ rows: 0, strays: 0 })
    })

    test('ends every call with an error once it is closed', async () => {
      await under.warehouse.close()
      await refusal(under.warehouse.status(call()))
    })
  })
}
