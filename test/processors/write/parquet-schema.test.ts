import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { PassOutput } from '../../../processors/pass/output.ts'
import { stages } from '../../../processors/stages/index.ts'
import { openWriter } from '../../../processors/write/open-writer.ts'
import { duckdbType } from '../../../src/core/duckdb-types.ts'
import { findTable } from '../../../src/core/tables.ts'
import { countsOf } from '../window-counts.ts'
import { contextOf, emptyOutput, eventsOf, originOf, passOf, query, temporaryFolder } from './support.ts'

const events = [
  '192.0.2.7 - - [01/Nov/2026:05:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"',
  'host - - [01/Nov/2026:05:00:00 +0000] "-" 408 -',
]

const output: PassOutput = {
  ...eventsOf(events, 'events'),
  ...eventsOf(events, 'masked'),
  ...passOf('lines', 'a\nb\n'),
  ...emptyOutput,
  windowCounts: countsOf([{ window_us: 0n, status: 500, endpoint: null, n: 1, bytes: 0n }]),
  messages: [],
  alerts: [{ off: 0, ts_us: 1n, kind: 'critical error', reason: '5xx', event_id: 'x', message: 'GET / 500', ip: null }],
}

describe.each(stages.map((stage) => [stage.id, stage] as const))('the Parquet files of %s', (_, stage) => {
  test('have the columns of their tables, in order, with their types', async () => {
    const folder = temporaryFolder()
    const node = { ...contextOf(stage, folder).node, public_ip: null, private_ip: null }
    const writer = await openWriter({ ...contextOf(stage, folder), node })
    onTestFinished(() => writer.close())
    const tables = stage.outputs.map((each) => each.table)
    const paths = Object.fromEntries(tables.map((table) => [table, join(folder, `${table}.parquet`)]))
    const written = await writer.write(output, originOf(), paths)
    expect(written.map((each) => each.table)).toEqual(tables)
    for (const table of tables) {
      const { columns, arrival } = findTable(table)
      const found = await query(`DESCRIBE SELECT * FROM read_parquet('${paths[table]}')`)
      const wanted = columns.map((column) => [column.name, duckdbType(column)])
      const unquoted = wanted.map(([name, type]) => [name, type?.replace(/"(endpoint|bytes|status|count)"/g, '$1')])
      expect(found.map((row) => [row['column_name'], String(row['column_type']).replaceAll('"', '')])).toEqual(
        unquoted.map(([name, type]) => [name, type?.replace('TIMESTAMPTZ', 'TIMESTAMP WITH TIME ZONE')]),
      )
      const schema = await query(`SELECT name, type, logical_type FROM parquet_schema('${paths[table]}')`)
      const time = schema.find((row) => row['name'] === arrival)
      expect(time).toMatchObject({ type: 'INT64' })
      expect(String(time?.['logical_type'])).toMatch(/isAdjustedToUTC=(1|true).*MICROS/)
      const provider = schema.find((row) => row['name'] === 'provider')
      expect(provider).toMatchObject({ type: 'BYTE_ARRAY' })
    }
  })
})
