import { AppError } from '../../core/errors.ts'
import { isTaken, type TableName } from '../../core/tables.ts'

/** Names of what lies in a dataset's folder; all paths are relative to it. */
export interface Layout {
  /** The folder of a table, and its name in SQL. */
  readonly nameOf: (table: TableName) => string
  readonly schemaFile: (table: TableName) => string
  readonly epochFolder: (table: TableName, epoch: string) => string
}

/** The layout of a dataset in which log_results may have another name; refused when that name is another table's. */
export const layoutOf = (logResultsTable: string): Layout => {
  if (isTaken(logResultsTable) || !/^\w+$/.test(logResultsTable))
    throw new AppError({
      what: `The table log_results cannot be called ${logResultsTable}.`,
      why: isTaken(logResultsTable)
        ? 'The dataset needs that name itself.'
        : 'Only letters, digits and underscores make a table name.',
      next: ['Set bigquery.table_name in the config to another name.'],
      kind: 'usage',
    })
  const nameOf = (table: TableName): string => (table === 'log_results' ? logResultsTable : table)
  return {
    nameOf,
    schemaFile: (table) => `${nameOf(table)}/_schema.parquet`,
    epochFolder: (table, epoch) => `${nameOf(table)}/${epoch}`,
  }
}
