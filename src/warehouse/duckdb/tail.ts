import { quoteName } from '../../core/duckdb-types.ts'
import { normalise } from '../../core/duckdb-values.ts'
import { findTable, type TableName } from '../../core/tables.ts'
import { type Row, tailCharacters, tailItems } from '../warehouse.ts'
import type { Database } from './database.ts'
import type { Layout } from './layout.ts'
import type { TableFiles } from './table-files.ts'
import { selectFiles } from './views.ts'

/** Gives the newest rows of a table; reads only as many of its newest files as hold them, and nothing when none came since. */
export const openTail = (database: Database, layout: Layout, files: TableFiles) => {
  const before = new Map<TableName, { readonly sql: string; readonly rows: readonly Row[] }>()

  return async (table: TableName, epoch: string, limit: number): Promise<readonly Row[]> => {
    const newest = (await files.list(table, epoch)).toSorted(
      (a, b) => b.arrivedAt - a.arrivedAt || (a.path < b.path ? 1 : -1),
    )
    let rows = 0
    const wanted: string[] = []
    for (const file of newest) {
      if (rows >= limit) break
      rows += file.rows
      wanted.push(file.path)
    }
    if (wanted.length === 0 || limit === 0) return []
    const { arrival, eventTime, columns } = findTable(table)
    const order = [...new Set([arrival, eventTime])].map((column) => `${quoteName(column)} DESC`).join(', ')
    const names = columns.map(({ name }) => name)
    const shown = columns.map(({ name, mode, type }) => {
      if (mode === 'REPEATED') return `list_slice(${quoteName(name)}, 1, ${tailItems})`
      return type === 'STRING' ? `left(${quoteName(name)}, ${tailCharacters})` : quoteName(name)
    })
    const sql = `SELECT ${shown.join(', ')} FROM (${selectFiles(layout, table, wanted)}) ORDER BY ${order} LIMIT ${limit}`
    const last = before.get(table)
    if (last?.sql === sql) return last.rows
    const found = (await database.rows(sql)).map((row) =>
      Object.fromEntries(names.map((name, index) => [name, normalise(row[index] ?? null)])),
    )
    before.set(table, { sql, rows: found })
    return found
  }
}
