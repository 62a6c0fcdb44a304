import { quoteText } from '../../src/core/duckdb-types.ts'

/** A column with one value: as an ENUM of that value, which DuckDB writes several times faster than text and Parquet holds as text. */
export const constant = (value: string | null): string =>
  value === null ? 'NULL::VARCHAR' : `${quoteText(value)}::ENUM(${quoteText(value)})`

/** A point in time from microseconds since the epoch: a literal, a variable or a column. */
export const timeOf = (microseconds: string | bigint): string => `make_timestamptz(${microseconds})`
