import { mergedName, type TableName, tableNames } from '../../core/tables.ts'

/** Where the tables are, and what is said of it in messages. */
export interface Place {
  readonly project: string
  readonly dataset: string
  /** Sent with every call, because a wrong one reads as not found. */
  readonly location: string
  /** Name of log_results in the dataset. */
  readonly logResultsTable: string
}

/** Name of a table in the dataset. */
export const nameIn = ({ logResultsTable }: Place, table: TableName): string =>
  table === 'log_results' ? logResultsTable : table

/** Name with project and dataset, as SQL has it. */
export const quoted = (place: Place, name: string): string => `\`${place.project}.${place.dataset}.${name}\``

/** Every name that a query may read. */
export const namesIn = (place: Place): readonly string[] => [
  ...tableNames.map((table) => nameIn(place, table)),
  mergedName,
]

/** Fills in `{table}` with the table's full name and `{epoch}` with the epoch as it is; braces of other things stay. */
export const fillPlaceholders = (sql: string, place: Place, epoch: string): string => {
  const values = new Map<string, string>([
    ...tableNames.map((table) => [table, quoted(place, nameIn(place, table))] as const),
    [mergedName, quoted(place, mergedName)],
    ['epoch', epoch],
  ])
  return sql.replace(/\{(\w+)\}/g, (found, name: string) => values.get(name) ?? found)
}
