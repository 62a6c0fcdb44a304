import type { DuckDBConnection } from '@duckdb/node-api'
import type { FoundRows } from '../../src/core/duckdb-query.ts'
import { runQuery } from '../../src/core/duckdb-query.ts'
import { type EdgeLine, mostEdgeCharacters } from '../../src/core/edge.ts'
import type { AppError } from '../../src/core/errors.ts'
import { jsonText } from '../../src/core/json.ts'

/** Runs the query and keeps what an answer may hold. */
export const findRows = (
  connection: DuckDBConnection,
  sql: string,
  limit: number,
  signal: AbortSignal,
): Promise<FoundRows> => {
  let characters = 0
  return runQuery(connection, sql, limit, signal, (row) => {
    characters += jsonText(row).length
    return characters <= mostEdgeCharacters
  })
}

export interface Counted {
  readonly ms: number
  readonly lines_read: number
  readonly lines_parsed: number
  readonly bytes_read: number
}

/** The answer as lines. */
export const answerLines = ({ columns, rows, truncated }: FoundRows, counted: Counted): readonly EdgeLine[] => [
  { type: 'columns', columns: [...columns] },
  ...rows.map((values): EdgeLine => ({ type: 'row', values })),
  { type: 'end', rows: rows.length, truncated, ...counted },
]

/** Why there is none. */
export const errorLine = ({ what, why, next }: AppError): EdgeLine => {
  const reason = [why, ...next.slice(0, 1)].filter((text) => text !== undefined).join(' ')
  return { type: 'error', what, ...(reason === '' ? {} : { why: reason }) }
}
