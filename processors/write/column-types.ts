import type { Column } from '../../src/core/tables.ts'
import { name } from './sql.ts'

const scalars = { STRING: 'VARCHAR', TIMESTAMP: 'TIMESTAMPTZ', INT64: 'BIGINT', FLOAT64: 'DOUBLE' } as const

/** DuckDB's type of a column; TIMESTAMPTZ, because only that one reaches Parquet marked as UTC. */
export const duckdbType = (column: Column): string => {
  const single = column.type === 'RECORD' ? structOf(column.fields ?? []) : scalars[column.type]
  return column.mode === 'REPEATED' ? `${single}[]` : single
}

const structOf = (fields: readonly Column[]): string =>
  `STRUCT(${fields.map((field) => `${name(field.name)} ${duckdbType(field)}`).join(', ')})`
