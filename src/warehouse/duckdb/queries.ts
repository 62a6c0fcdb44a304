import { type Bounds, runQuery } from '../../core/duckdb-query.ts'
import { quoteText } from '../../core/duckdb-types.ts'
import type { TableName } from '../../core/tables.ts'
import type { Row } from '../warehouse.ts'
import { openDatabase } from './database.ts'
import type { Layout } from './layout.ts'
import { fillPlaceholders } from './placeholders.ts'
import { openRelations } from './relations.ts'
import { isVanished } from './sql-error.ts'
import type { TableFiles } from './table-files.ts'
import { openTail } from './tail.ts'

/** What only DuckDB answers. Its library is loaded with this module, so nothing imports it before a call needs it. */
export interface Queries {
  readonly tail: (table: TableName, epoch: string, limit: number) => Promise<readonly Row[]>
  /** The epoch is asked for again where files went away meanwhile. */
  readonly query: (
    sql: string,
    epochOf: () => Promise<string>,
    most: Bounds,
    signal: AbortSignal,
  ) => ReturnType<typeof runQuery>
  /** Names and types of the columns of a Parquet file. */
  readonly columnsOf: (file: string) => Promise<ReadonlyMap<string, string>>
}

export const openQueries = async (layout: Layout, files: TableFiles, spill: string | undefined): Promise<Queries> => {
  const database = await openDatabase(process.cwd(), spill)
  const relations = openRelations(database, layout, files)

  const queryOnce: Queries['query'] = async (sql, epochOf, most, signal) => {
    const epoch = await epochOf()
    await relations.refresh(epoch)
    const connection = await database.connect()
    try {
      return await runQuery(connection, fillPlaceholders(sql, layout, epoch), most, signal)
    } finally {
      connection.closeSync()
    }
  }

  return {
    tail: openTail(database, layout, files),
    query: (...given) =>
      queryOnce(...given).catch((thrown: unknown) => {
        if (isVanished(thrown)) return queryOnce(...given)
        throw thrown
      }),
    columnsOf: async (file) => {
      const rows = await database.rows(
        `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(${quoteText(file)}))`,
      )
      return new Map(rows.map(([name, type]) => [String(name), String(type)]))
    },
  }
}
