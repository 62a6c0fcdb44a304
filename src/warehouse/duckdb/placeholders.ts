import { quoteName } from '../../core/duckdb-types.ts'
import { mergedName, tableNames } from '../../core/tables.ts'
import type { Layout } from './layout.ts'

/** Fills in `{table}` with the table's name and `{epoch}` with the epoch as it is; braces of other things stay. */
export const fillPlaceholders = (sql: string, layout: Layout, epoch: string): string => {
  const names = new Map<string, string>([
    ...tableNames.map((table) => [table, quoteName(layout.nameOf(table))] as const),
    [mergedName, quoteName(mergedName)],
    ['epoch', epoch],
  ])
  return sql.replace(/\{(\w+)\}/g, (found, name: string) => names.get(name) ?? found)
}
