import { mkdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { duckdbType, quoteName, quoteText } from '../../src/core/duckdb-types.ts'
import { findTable, type TableName } from '../../src/core/tables.ts'

/** Writes rows as a node would: a table's columns in Parquet, aside, then renamed. Values are DuckDB literals or SQL. */
export interface ParquetWriter {
  /** SQL of a SELECT whose columns are some of the table's; the others are NULL. */
  readonly write: (path: string, table: TableName, select: string) => Promise<void>
  readonly close: () => void
}

export const openParquetWriter = async (): Promise<ParquetWriter> => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  return {
    write: async (path, table, select) => {
      mkdirSync(dirname(path), { recursive: true })
      const aside = join(dirname(path), `.${Math.random().toString(36).slice(2)}.parquet`)
      const given = (await connection.runAndReadAll(`DESCRIBE ${select}`)).getRowsJson().map(([name]) => String(name))
      const columns = findTable(table).columns.map((column) =>
        given.includes(column.name)
          ? `CAST(${quoteName(column.name)} AS ${duckdbType(column)}) AS ${quoteName(column.name)}`
          : `NULL::${duckdbType(column)} AS ${quoteName(column.name)}`,
      )
      await connection.run(
        `COPY (SELECT ${columns.join(', ')} FROM (${select})) TO ${quoteText(aside)} (FORMAT parquet)`,
      )
      renameSync(aside, path)
    },
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}
