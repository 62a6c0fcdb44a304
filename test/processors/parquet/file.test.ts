import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LeafData, Levels } from '../../../processors/parquet/column.ts'
import { encodeParquet } from '../../../processors/parquet/file.ts'
import { flatLevels, listLevels } from '../../../processors/parquet/lists.ts'
import type { Field } from '../../../processors/parquet/schema.ts'
import { doublesOf, textsOf, type Values, wholeOf } from '../../../processors/parquet/values.ts'
import { temporaryFolder } from '../write/support.ts'

const present = <Value>(values: readonly (Value | null)[]): readonly Value[] =>
  values.filter((value): value is Value => value !== null)

const flat = <Value>(values: readonly (Value | null)[], encode: (values: readonly Value[]) => Values): LeafData => ({
  values: encode(present(values)),
  levels: flatLevels(values.length, (row) => values[row] === null),
})

/** By the numbers of the different ones. */
const coded = <Value>(values: readonly (Value | null)[], encode: (values: readonly Value[]) => Values): LeafData => {
  const different = [...new Set(present(values))]
  const numbers = Int32Array.from(present(values), (value) => different.indexOf(value))
  return { values: encode(different), numbers, levels: flatLevels(values.length, (row) => values[row] === null) }
}

const levelsOf = (lists: readonly (readonly unknown[])[], deepest: number): Levels =>
  listLevels(
    lists.map(({ length }) => length),
    deepest,
    (value) => lists.flat()[value] === null,
  )

const text = fc.option(fc.oneof(fc.constantFrom('', 'GET', '/ä', 'x'.repeat(100)), fc.string({ unit: 'grapheme' })))
const whole = fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
const time = fc.bigInt({ min: 0n, max: 4_000_000_000_000_000n })
const double = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }))
const row = fc.record({
  text,
  coded: text,
  whole,
  codedWhole: fc.option(fc.constantFrom(200n, 404n, 500n)),
  time,
  double,
  texts: fc.array(text, { maxLength: 4 }),
  records: fc.array(fc.record({ name: text, count: whole }), { maxLength: 3 }),
})
type Row = typeof row extends fc.Arbitrary<infer Made> ? Made : never

const fields: readonly Field[] = [
  { name: 'text', type: 'string' },
  { name: 'coded', type: 'string' },
  { name: 'whole', type: 'int64' },
  { name: 'codedWhole', type: 'int64' },
  { name: 'time', type: 'timestamp' },
  { name: 'double', type: 'double' },
  { name: 'texts', list: 'string' },
  {
    name: 'records',
    list: [
      { name: 'name', type: 'string' },
      { name: 'count', type: 'int64' },
    ],
  },
  { name: 'same', type: 'string' },
  { name: 'nothing', type: 'string' },
]

const columnsOf = (rows: readonly Row[]): readonly LeafData[] => {
  const of = <Key extends keyof Row>(key: Key): readonly Row[Key][] => rows.map((one) => one[key])
  const names = of('records').map((records) => records.map(({ name }) => name))
  const counts = of('records').map((records) => records.map(({ count }) => count))
  return [
    flat(of('text'), textsOf),
    coded(of('coded'), textsOf),
    flat(of('whole'), wholeOf),
    coded(of('codedWhole'), wholeOf),
    flat(of('time'), wholeOf),
    flat(of('double'), doublesOf),
    { values: textsOf(present(of('texts').flat())), levels: levelsOf(of('texts'), 3) },
    { values: textsOf(present(names.flat())), levels: levelsOf(names, 4) },
    { values: wholeOf(present(counts.flat())), levels: levelsOf(counts, 4) },
    { values: textsOf(['same']), numbers: { each: 0 }, levels: flatLevels(rows.length) },
    { values: textsOf([]), levels: { entries: rows.length, present: 0, definition: { each: 0 } } },
  ]
}

const expected = (given: Row) => ({
  text: given.text,
  coded: given.coded,
  whole: given.whole === null ? null : String(given.whole),
  codedWhole: given.codedWhole === null ? null : String(given.codedWhole),
  time: String(given.time),
  double: given.double,
  texts: given.texts,
  records: given.records.map(({ name, count }) => ({ name, count: count === null ? null : String(count) })),
  same: 'same',
  nothing: null,
})

const select = `SELECT text, coded, whole::VARCHAR AS whole, "codedWhole"::VARCHAR AS "codedWhole", epoch_us(time)::VARCHAR AS time,
  double, texts, [{'name': r.name, 'count': r.count::VARCHAR} FOR r IN records] AS records, same, nothing`

test('DuckDB reads every value back, whatever it is', async () => {
  const path = join(temporaryFolder(), 'rows.parquet')
  const connection = await (await DuckDBInstance.create()).connect()
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), async (rows) => {
      const { parts } = await encodeParquet({ fields, rows: rows.length, columns: columnsOf(rows) })
      writeFileSync(path, Buffer.concat(parts))
      const found = await connection.runAndReadAll(`${select} FROM read_parquet('${path}')`)
      expect(found.getRowObjectsJson()).toEqual(rows.map(expected))
    }),
    { numRuns: 60 },
  )
})

test('numbers of any width, in runs and without, over many pages', async () => {
  const path = join(temporaryFolder(), 'pages.parquet')
  const connection = await (await DuckDBInstance.create()).connect()
  const runs = fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(9), fc.integer({ min: 10, max: 30_000 }))), {
    minLength: 1,
    maxLength: 12,
  })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 70_000 }), runs, fc.boolean(), async (different, given, mixed) => {
      const numbers = Int32Array.from(
        given.flatMap(([first, length]) =>
          Array.from({ length }, (_, i) => (mixed ? (first + i * 7_919) % different : first % different)),
        ),
      )
      const values = wholeOf(Array.from({ length: different }, (_, i) => i * 3))
      const columns = [
        { values, numbers, levels: flatLevels(numbers.length) },
        { values: wholeOf([...numbers]), levels: flatLevels(numbers.length) },
      ]
      const both: readonly Field[] = [
        { name: 'coded', type: 'int64' },
        { name: 'plain', type: 'int64' },
      ]
      const { parts } = await encodeParquet({ fields: both, rows: numbers.length, columns })
      writeFileSync(path, Buffer.concat(parts))
      const sql = `SELECT count(*)::INT, count(*) FILTER (coded = plain * 3)::INT FROM read_parquet('${path}')`
      expect((await connection.runAndReadAll(sql)).getRows()).toEqual([[numbers.length, numbers.length]])
    }),
    { numRuns: 40 },
  )
})
