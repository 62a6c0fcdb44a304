import type { Column } from './tables.ts'

const scalars = { STRING: 'VARCHAR', TIMESTAMP: 'TIMESTAMPTZ', INT64: 'BIGINT', FLOAT64: 'DOUBLE' } as const

/** A name as an identifier of DuckDB's SQL. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A text as a literal of DuckDB's SQL. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** DuckDB's type of a column; TIMESTAMPTZ, because only that one reaches Parquet marked as UTC. */
export const duckdbType = (column: Column): string => {
  const single = column.type === 'RECORD' ? structOf(column.fields ?? []) : scalars[column.type]
  return column.mode === 'REPEATED' ? `${single}[]` : single
}

const structOf = (fields: readonly Column[]): string =>
  `STRUCT(${fields.map((field) => `${quoteName(field.name)} ${duckdbType(field)}`).join(', ')})`
