import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bbq, freshFolder } from './bbq.ts'

const witness = new URL('programs/note-objects.ts', import.meta.url).href
const line = '203.0.113.7 - - [24/Nov/2026:10:00:00 +0000] "GET /own HTTP/1.1" 200 12 "-" "curl/8"\n'

/** Runs a verb; says of each program that it started as the warehouse's whether DuckDB's library was mapped in it. */
const warehousesOf = async (folder: string, args: readonly string[]): Promise<readonly boolean[]> => {
  const notes = freshFolder()
  const { code, stderr } = await bbq(folder, args, { NODE_OPTIONS: `--import=${witness}`, NOTE_OBJECTS: notes })
  expect(code, stderr).toBe(0)
  return readdirSync(notes)
    .filter((name) => name.startsWith('child.ts-'))
    .map((name) => /libduckdb|duckdb\.node/.test(readFileSync(join(notes, name), 'utf8')))
}

describe("the warehouse's own process", () => {
  test('loads DuckDB for a query, and not for a run', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'access.log'), line)
    const run = ['run', 'structured', '--input', 'access.log', '--json']
    expect(await warehousesOf(folder, run)).toEqual([false])
    writeFileSync(join(folder, 'access.log'), line.repeat(2))
    expect(await warehousesOf(folder, run)).toEqual([false])
    expect(await warehousesOf(folder, ['query', 'SELECT count(*) FROM log_results'])).toEqual([true])
  })
})
