import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openWriter } from '../../../processors/write/open-writer.ts'
import { contextOf, eventsOf, originOf, query, readParquet, stageOf, temporaryFolder } from './support.ts'

const linesFrom = (first: number, count: number): readonly string[] =>
  Array.from(
    { length: count },
    (_, i) =>
      `198.51.100.${i % 200} - - [10/Oct/2020:13:55:36 +0000] "GET /p/${first + i} HTTP/1.1" 200 ${first + i} "-" "a"`,
  )

test('parts stand one behind another as row groups of one file, each with its own ranges', async () => {
  const folder = temporaryFolder()
  const writer = await openWriter(contextOf(stageOf('structured'), folder))
  onTestFinished(() => writer.close())
  const sizes = [300, 1, 2000]
  const parts = []
  for (const [i, size] of sizes.entries()) {
    const output = eventsOf(linesFrom(i * 10_000, size), 'events')
    parts.push(await writer.write(output, originOf(), { log_results: join(folder, `${i}.parquet`) }))
  }
  const apart = (await Promise.all(parts.flat().map(({ path }) => readParquet(path)))).flat()
  const path = join(folder, 'joined.parquet')
  const joined = await writer.join(parts, { log_results: path }, 0)

  expect(joined).toMatchObject([{ table: 'log_results', path, rows: 2301, lines: 2301 }])
  expect(parts.flat().filter((part) => existsSync(part.path))).toEqual([])
  const byKey = (rows: readonly Record<string, unknown>[]) => rows.map((row) => JSON.stringify(row)).sort()
  expect(byKey(await readParquet(path))).toEqual(byKey(apart))
  const groups = `SELECT row_group_num_rows AS rows, stats_min_value AS smallest FROM parquet_metadata('${path}')
    WHERE path_in_schema = 'bytes' ORDER BY row_group_id`
  expect((await query(groups)).map(({ rows, smallest }) => [Number(rows), Number(smallest)])).toEqual(
    sizes.map((size, i) => [size, i * 10_000]),
  )
  expect(await query(`SELECT count(*)::INT AS n FROM '${path}' WHERE bytes = 10000`)).toEqual([{ n: 1 }])
})
