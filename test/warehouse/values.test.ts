import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runQuery } from '../../src/core/duckdb-query.ts'

let instance: DuckDBInstance
let connection: DuckDBConnection
const signal = new AbortController().signal
const one = { rows: 1, bytes: 10_000 }

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

const oneValue = async (sql: string) => (await runQuery(connection, `SELECT ${sql}`, one, signal)).rows[0]?.[0]

test.each([
  ['9007199254740991::BIGINT', 9_007_199_254_740_991],
  ['9007199254740992::BIGINT', '9007199254740992'],
  ['-9007199254740993::BIGINT', '-9007199254740993'],
  ['sum(x) FROM (VALUES (1::BIGINT), (2)) t(x)', 3],
  ['170141183460469231731687303715884105727::HUGEINT', '170141183460469231731687303715884105727'],
  ['1.50::DECIMAL(9,2)', 1.5],
  ['1234567890123456789.25::DECIMAL(38,2)', '1234567890123456789.25'],
  ["'nan'::DOUBLE", 'NaN'],
  ["'-inf'::DOUBLE", '-Infinity'],
  ["TIMESTAMP '1969-12-31 23:59:59.999999'", '1969-12-31T23:59:59.999999Z'],
  ["TIMESTAMPTZ '2026-11-24 10:00:00+02'", '2026-11-24T08:00:00.000000Z'],
  ["TIMESTAMP_S '2026-11-24 10:00:00'", '2026-11-24T10:00:00.000000Z'],
  ["TIMESTAMP_NS '2026-11-24 10:00:00.123456789'", '2026-11-24T10:00:00.123456Z'],
  ["'infinity'::TIMESTAMP", 'infinity'],
  ["DATE '2026-11-24'", '2026-11-24'],
  ["[{'a': 9007199254740993, 'b': [NULL, 'x']}]", [{ a: '9007199254740993', b: [null, 'x'] }]],
  ["MAP {'k': 1}", [{ key: 'k', value: 1 }]],
  ["'ab'::BLOB", 'YWI='],
  ["'8ee9c1d4-5b4f-4a0e-9d0a-0123456789ab'::UUID", '8ee9c1d4-5b4f-4a0e-9d0a-0123456789ab'],
])('%s', async (sql, expected) => {
  expect(await oneValue(sql)).toEqual(expected)
})

test('any time comes back to the microsecond', async () => {
  await fc.assert(
    fc.asyncProperty(fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n }), async (micros) => {
      const iso = String(await oneValue(`make_timestamptz(${micros})`))
      expect(iso).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
      const whole = BigInt(Date.parse(`${iso.slice(0, 19)}Z`)) * 1000n
      expect(whole + BigInt(iso.slice(20, 26))).toBe(micros)
    }),
    { numRuns: 50 },
  )
})

test('an interrupt ends the statement in DuckDB itself', async () => {
  const controller = new AbortController()
  const slow = 'SELECT count(*) FROM range(1000000) AS a, range(1000000) AS b WHERE a.range * b.range = 7'
  const running = runQuery(connection, slow, one, controller.signal)
  controller.abort()
  await expect(running).rejects.toThrow()
  expect(await oneValue('1')).toBe(1)
})
