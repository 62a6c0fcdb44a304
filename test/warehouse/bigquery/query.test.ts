import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { stages } from '../../../processors/stages/index.ts'
import { tables } from '../../../src/core/tables.ts'
import { call, type Demo, openDemo, refusal } from './demo.ts'

let demo: Demo
let epoch = ''
const lines = 25_000

beforeAll(async () => {
  demo = await openDemo()
  ;({ epoch } = await demo.warehouse.confirm(tables, call()))
  const { load } = await demo.sender()
  await load(
    'raw_logs',
    `SELECT '${epoch}-one' AS chunk_id, 'n/f/' || i AS remote_log_id, 'line ' || i AS raw_line,
      TIMESTAMPTZ '2026-11-24 10:00:00+00' AS upload_time FROM range(${lines}) AS t(i)`,
  )
})
afterAll(() => demo.close())
beforeEach(() => {
  demo.server.faults.clear()
  demo.server.requests.clear()
})

const ask = (sql: string, limit = 10, more: { readonly maxBytes?: number; readonly deadlineMs?: number } = {}) =>
  demo.warehouse.query(sql, { ...call(), limit, ...more })

interface QueryBody {
  readonly configuration: { readonly query: { readonly maximumBytesBilled?: string } }
}
const capOf = (): number => {
  const [request] = demo.server.requests.of('jobs.insert.query')
  if (request === undefined) throw new Error('no query was run')
  return Number((request.body as QueryBody).configuration.query.maximumBytesBilled)
}

test('the price is known before, and the query may cost no more', async () => {
  const { bytes = 0 } = await demo.warehouse.estimate('SELECT raw_line FROM {raw_logs}', call())
  expect(bytes).toBeGreaterThan(100_000)
  expect(demo.server.requests.count('jobs.insert.query', 'jobs.query')).toBe(0)
  const { bytesProcessed, bytesBilled } = await ask('SELECT raw_line FROM {raw_logs}')
  expect(bytesProcessed).toBe(bytes)
  expect(capOf()).toBe(Math.max(bytes, 10_485_760))
  expect(bytesBilled).toBeLessThanOrEqual(capOf())
})

test('a query that would read more than its limit is not run', async () => {
  const error = await refusal(ask('SELECT raw_line FROM {raw_logs}', 10, { maxBytes: 1_000 }))
  expect(error.kind).toBe('refused')
  expect(error.what).toMatch(/would read [\d.,]+ \w+, more than its limit of /)
  expect(demo.server.requests.count('jobs.insert.query', 'jobs.query')).toBe(0)
})

test('every statement that does more than read is refused, and none is run', async () => {
  const statements = [
    "UPDATE raw_logs SET raw_line = '' WHERE TRUE",
    'DELETE FROM raw_logs WHERE TRUE',
    'TRUNCATE TABLE raw_logs',
    'DROP TABLE raw_logs',
    'CREATE TABLE other (a INT64)',
    '/* SELECT */ DROP TABLE raw_logs',
    '# SELECT\nDROP TABLE raw_logs',
    'SELECT 1; DROP TABLE raw_logs',
    'BEGIN SELECT 1; END',
  ]
  for (const sql of statements) expect(['refused', 'usage'], sql).toContain((await refusal(ask(sql))).kind)
  expect(demo.server.requests.count('jobs.insert.query', 'jobs.query')).toBe(0)
  expect((await ask('SELECT COUNT(*) FROM {raw_logs}')).rows).toEqual([[lines]])
})

test('a large answer comes in pages, whole and in order', async () => {
  const { rows, truncated } = await ask('SELECT raw_line FROM {raw_logs} ORDER BY LENGTH(raw_line), raw_line', 24_999)
  expect([rows.length, truncated]).toEqual([24_999, true])
  expect(rows[0]).toEqual(['line 0'])
  expect(rows.at(-1)).toEqual(['line 24998'])
  expect(demo.server.requests.count('jobs.getQueryResults')).toBeGreaterThan(2)
})

test('a query that runs long is waited for by asking, not by running it again', async () => {
  demo.server.faults.add({ on: 'jobs.insert.query', do: 'RUNNING for 4 polls' })
  expect((await ask('SELECT 1 AS one')).rows).toEqual([[1]])
  expect(demo.server.requests.count('jobs.insert.query')).toBe(1)
})

test('a service that says at once that a query runs is not asked without a pause', async () => {
  demo.server.faults.add({ on: 'jobs.insert.query', do: 'stay RUNNING' })
  await refusal(ask('SELECT 1', 1, { deadlineMs: 1_000 }))
  expect(demo.server.requests.count('jobs.getQueryResults')).toBeLessThan(10)
})

test('rows are not held back while nobody says what they cost', async () => {
  demo.server.faults.add({ on: 'jobs.get', do: 'silence', times: Number.POSITIVE_INFINITY })
  const { rows, bytesBilled } = await ask('SELECT 1 AS one', 1, { deadlineMs: 60_000 })
  expect([rows, bytesBilled]).toEqual([[[1]], undefined])
}, 15_000)

test('a query whose time is up, or that is stopped, is cancelled at the service', async () => {
  demo.server.faults.add({ on: 'jobs.insert.query', do: 'stay RUNNING', times: 2 })
  const late = await refusal(ask('SELECT 1', 1, { deadlineMs: 700 }))
  expect(late.kind).toBe('unreachable')
  expect(late.what).toContain('was cancelled')
  const controller = new AbortController()
  const running = refusal(demo.warehouse.query('SELECT 1', { signal: controller.signal, limit: 1 }))
  const before = demo.server.jobs().length
  while (demo.server.jobs().length === before) await demo.warehouse.status(call())
  controller.abort()
  expect((await running).kind).toBe('interrupted')
  expect(demo.server.requests.count('jobs.cancel')).toBe(2)
  expect(
    demo.server
      .jobs()
      .slice(-2)
      .map(({ state, error }) => [state, error]),
  ).toEqual([
    ['DONE', 'stopped'],
    ['DONE', 'stopped'],
  ])
})

test('a query is cancelled even when it is not known yet at the first try', async () => {
  demo.server.faults.add({ on: 'jobs.insert.query', do: 'stay RUNNING' }, { on: 'jobs.cancel', do: '404 notFound' })
  await refusal(ask('SELECT 1', 1, { deadlineMs: 500 }))
  expect(demo.server.jobs().at(-1)).toMatchObject({ state: 'DONE', error: 'stopped' })
})

test('an error tells line and column', async () => {
  const error = await refusal(ask('SELECT raw_line\nFROM {raw_logs}\nWHERE nosuch = 1'))
  expect(error.what).toMatch(/line 3(?:, column \d+)?: WHERE nosuch = 1/)
  expect(error.next.join()).toContain('log_aggregates_merged')
  expect((await refusal(ask('SELECT 1 FROM nosuch_table'))).kind).toBe('usage')
})

test('every canned query runs and is priced', async () => {
  for (const { id, sql } of stages.flatMap((stage) => stage.queries)) {
    const { bytes } = await demo.warehouse.estimate(sql, call())
    expect(bytes, id).toBeGreaterThanOrEqual(0)
    expect((await ask(sql)).columns.length, id).toBeGreaterThan(1)
  }
})
