import { stat } from 'node:fs/promises'
import { quoteName } from '../../core/duckdb-types.ts'
import { tableNames } from '../../core/tables.ts'
import type { Database } from './database.ts'
import type { Layout } from './layout.ts'
import type { TableFiles } from './table-files.ts'
import { mergedView, tableView } from './views.ts'

/** Keeps one view a table over the current epoch. */
export interface Relations {
  /** Makes the views anew where the epoch, or whether a table has files, has changed; one call after another. */
  readonly refresh: (epoch: string) => Promise<void>
}

/** Views are made only for tables that were confirmed. */
export const openRelations = (database: Database, layout: Layout, files: TableFiles): Relations => {
  const made = new Map<string, string>()
  let last: Promise<void> = Promise.resolve()

  const refreshNow = async (epoch: string): Promise<void> => {
    for (const table of tableNames) {
      const view = layout.nameOf(table)
      if (await exists(layout.schemaFile(table))) {
        const sql = tableView(layout, table, epoch, await files.hasAny(table, epoch))
        if (made.get(view) === sql) continue
        await database.run(sql)
        if (table === 'log_aggregates') await database.run(mergedView(layout))
        made.set(view, sql)
      } else if (made.delete(view)) await database.run(`DROP VIEW IF EXISTS ${quoteName(view)}`)
    }
  }

  return {
    refresh: (epoch) => {
      const next = last.catch(() => undefined).then(() => refreshNow(epoch))
      last = next
      return next
    },
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
