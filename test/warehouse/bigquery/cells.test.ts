import { expect, test } from 'vitest'
import { decodeRow, typeOf } from '../../../src/warehouse/bigquery/cells.ts'
import type { WireField } from '../../../src/warehouse/bigquery/wire.ts'

const field = (type: string, mode = 'NULLABLE', fields: readonly WireField[] = []): WireField => ({
  name: type.toLowerCase(),
  type,
  mode,
  fields,
})

const list = (...values: readonly unknown[]) => values.map((v) => ({ v }))

test.each([
  ['INTEGER', '42', 42],
  ['INTEGER', '9007199254740991', 9_007_199_254_740_991],
  ['INTEGER', '9007199254740993', '9007199254740993'],
  ['INT64', '-9223372036854775808', '-9223372036854775808'],
  ['FLOAT', '1.5', 1.5],
  ['FLOAT', 'NaN', 'NaN'],
  ['FLOAT64', '-Infinity', '-Infinity'],
  ['NUMERIC', '12.50', 12.5],
  ['BIGNUMERIC', '12345678901234567890.5', '12345678901234567890.5'],
  ['BOOLEAN', 'true', true],
  ['BOOL', 'false', false],
  ['TIMESTAMP', '1763979751104518', '2025-11-24T10:22:31.104518Z'],
  ['TIMESTAMP', '-1', '1969-12-31T23:59:59.999999Z'],
  ['TIMESTAMP', '0', '1970-01-01T00:00:00.000000Z'],
  ['DATE', '2026-11-24', '2026-11-24'],
  ['BYTES', 'AAE=', 'AAE='],
  ['JSON', '{"a":1}', '{"a":1}'],
  ['STRING', '', ''],
  ['STRING', null, null],
])('a cell of %s %j is %j', (type, value, plain) => {
  expect(decodeRow([field(type)], list(value))).toEqual([plain])
})

test('lists and records nest, by the place of their cells', () => {
  const inner = [field('STRING'), field('INTEGER', 'REPEATED')]
  const record = (text: string, ...numbers: readonly string[]) => ({ f: list(text, list(...numbers)) })
  const fields = [field('RECORD', 'REPEATED', inner), field('STRUCT', 'NULLABLE', inner), field('STRING', 'REPEATED')]
  expect(decodeRow(fields, list(list(record('a', '1', '2'), record('b')), record('c', '3'), []))).toEqual([
    [
      { string: 'a', integer: [1, 2] },
      { string: 'b', integer: [] },
    ],
    { string: 'c', integer: [3] },
    [],
  ])
  expect(fields.map(typeOf)).toEqual(['ARRAY<STRUCT>', 'STRUCT', 'ARRAY<STRING>'])
})
