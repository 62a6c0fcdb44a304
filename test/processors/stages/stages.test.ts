import { describe, expect, test } from 'vitest'
import { findStage, stages } from '../../../processors/stages/index.ts'
import { duckdbType } from '../../../src/core/duckdb-types.ts'
import { tableNames, tables } from '../../../src/core/tables.ts'
import { query } from '../write/support.ts'

const queries = stages.flatMap((stage) => stage.queries.map((each) => ({ ...each, stage })))

/** Empty tables under the names that the placeholders stand for. */
const emptyTables = [
  ...tables.map((table) => [table.name, table] as const),
  ['log_aggregates_merged', tables[2]] as const,
].map(([name, table]) => {
  const columns = table.columns.map((column) => `"${column.name}" ${duckdbType(column)}`)
  return `CREATE TABLE ${name} (${columns.join(', ')})`
})

const fill = (sql: string): string => sql.replaceAll('{epoch}', 'e1').replace(/\{(\w+)\}/g, '$1')

describe('the stages', () => {
  test('come in the order of the talk and are found by their id', () => {
    expect(stages.map((stage) => stage.id)).toEqual(['raw', 'structured', 'private', 'aggregated'])
    for (const stage of stages) expect(findStage(stage.id)).toBe(stage)
    expect(findStage('nothing')).toBeUndefined()
  })

  test('write every table', () => {
    const written = stages.flatMap((stage) => stage.outputs.map((output) => output.table))
    expect(new Set(written)).toEqual(new Set(tableNames))
  })

  test('speak in sentences', () => {
    for (const stage of stages) {
      expect(stage.queries.length).toBeGreaterThanOrEqual(3)
      for (const sentence of [stage.why, ...stage.notes, ...stage.queries.map((each) => each.why)]) {
        expect(sentence).toMatch(/^[A-Z0-9].*\.$/)
      }
      for (const said of [stage.summary, stage.why, ...stage.notes]) expect(said).not.toContain('!')
    }
  })
})

describe.each(queries)('the query $id', ({ sql, chart, stage }) => {
  test('runs in DuckDB and gives the columns of its chart', async () => {
    const described = await query(`${emptyTables.join(';')}; DESCRIBE ${fill(sql)}`)
    const columns = described.map((row) => row['column_name'])
    if (chart !== undefined) expect(columns).toEqual(expect.arrayContaining([chart.label, chart.value]))
    await expect(query(`${emptyTables.join(';')}; ${fill(sql)}`)).resolves.toEqual([])
  })

  test('names tables as placeholders, keeps to its epoch and to words that both dialects have', () => {
    const placeholders = [...sql.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
    expect([...tableNames, 'epoch', 'log_aggregates_merged']).toEqual(expect.arrayContaining(placeholders))
    expect(sql).not.toMatch(new RegExp(`(?<!\\{)\\b(${tableNames.join('|')})\\b`))
    if (!sql.includes('{log_aggregates_merged}')) expect(sql).toContain("STARTS_WITH(chunk_id, '{epoch}')")
    if (sql.includes('{log_results}')) expect(sql).toMatch(/version/)
    expect(sql).not.toMatch(
      /"\w+"|\w::\w|`|QUALIFY|UNNEST|date_trunc|REGEXP_(?!EXTRACT)|\b(AS rows|AS window|AS count|AS hour)\b/i,
    )
    expect(stage.queries.map((each) => each.sql)).toContain(sql)
  })
})

test('ids of queries are unique', () => {
  expect(new Set(queries.map((each) => each.id)).size).toBe(queries.length)
})
