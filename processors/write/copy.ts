import { duckdbType, quoteName, quoteText } from '../../src/core/duckdb-types.ts'
import type { SqlOutput } from '../../src/core/stage.ts'
import { type Column, findTable } from '../../src/core/tables.ts'
import { commonColumns, type RowOrigin } from './common-columns.ts'

const columnOf = (column: Column, common: Readonly<Record<string, string>>): string => {
  const value = common[column.name] ?? quoteName(column.name)
  return column.type === 'STRING' && column.mode === 'NULLABLE'
    ? `${value} AS ${quoteName(column.name)}`
    : `${value}::${duckdbType(column)} AS ${quoteName(column.name)}`
}

/** The stage's select with the columns of its table, in the table's order; text stays as it comes, so that ENUMs stay ENUMs. */
const tableSelect = (output: SqlOutput, origin: RowOrigin): string => {
  const common = commonColumns(origin)
  const columns = findTable(output.table).columns.map((column) => columnOf(column, common))
  return `SELECT ${columns.join(', ')} FROM (${output.select})`
}

/** Writes a table's rows to one Parquet file; ZSTD level 1 is hardly larger here than the default, and larger row groups take memory but no less time. */
export const copyStatement = (output: SqlOutput, origin: RowOrigin, path: string): string =>
  copyTo(tableSelect(output, origin), path)

/** Writes the rows of Parquet files to another one. */
export const joinStatement = (parts: readonly string[], path: string): string =>
  copyTo(`SELECT * FROM read_parquet([${parts.map(quoteText).join(', ')}])`, path)

export const copyTo = (select: string, path: string): string =>
  `COPY (${select}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 30720)`
