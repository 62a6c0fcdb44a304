import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openChunkProcessor } from '../../../processors/open-chunk-processor.ts'
import { initialRules } from '../../../processors/pass/rules.ts'
import { allocateRoom } from '../../../processors/vector/room.ts'
import type { TableName } from '../../../src/core/tables.ts'
import { tableNames } from '../../../src/core/tables.ts'
import { contextOf, query, stageOf, temporaryFolder } from './support.ts'

const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'curl/8.5.0',
]
const paths = ['/', '/cart', '/products/17', '/products/23', '/login', '/static/app.css']

const lineOf = (i: number): string => {
  const at = `12/Mar/2026:10:00:${String(i * 2).padStart(2, '0')} +0000`
  const status = [200, 200, 304, 404, 200][i % 5]
  return `198.51.100.${(i * 17) % 40} - - [${at}] "GET ${paths[(i * 5) % 6]} HTTP/1.1" ${status} ${(i * 7_919) % 20_000} "-" "${agents[i % 3]}"\n`
}

test.each(['structured', 'private'])('30 rows of %s are a small file', async (id) => {
  const folder = temporaryFolder()
  const processor = await openChunkProcessor(contextOf(stageOf(id), folder))
  const log = Buffer.from(Array.from({ length: 30 }, (_, i) => lineOf(i)).join(''))
  const room = allocateRoom(log.length)
  room.set(log)
  const each = (make: (table: TableName) => string) =>
    Object.fromEntries(tableNames.map((table) => [table, make(table)])) as Record<TableName, string>
  const chunkIds = each((table) => `e1-${table}-0`)
  const input = { bytes: room, start: 0, fingerprint: 'f00d', chunkIds, syncTimeUs: 0n, rules: initialRules() }
  const paths = each((table) => join(folder, `${table}.parquet`))
  await (await processor.pass(input, () => {})).write(paths)
  processor.close()
  expect(readFileSync(paths.log_results).length).toBeLessThan(4_300)
  const found = await query(
    `SELECT path_in_schema AS name FROM parquet_metadata('${paths.log_results}') WHERE stats_min_value IS NOT NULL ORDER BY ALL`,
  )
  expect(found.map(({ name }) => name)).toEqual(['bytes', 'status', 'sync_time', 'timestamp'])
})
