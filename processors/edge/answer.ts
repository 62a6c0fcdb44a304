import type { FoundRows } from '../../src/core/duckdb-query.ts'
import type { EdgeLine } from '../../src/core/edge.ts'
import type { AppError } from '../../src/core/errors.ts'

export interface Counted {
  readonly ms: number
  readonly lines_read: number
  readonly lines_parsed: number
  readonly bytes_read: number
}

/** The answer as lines. */
export const answerLines = ({ columns, rows, truncated, full }: FoundRows, counted: Counted): readonly EdgeLine[] => [
  { type: 'columns', columns: [...columns] },
  ...rows.map((values): EdgeLine => ({ type: 'row', values })),
  { type: 'end', rows: rows.length, truncated, full, ...counted },
]

/** Why there is none. */
export const errorLine = ({ what, why, next }: AppError): EdgeLine => {
  const reason = [why, ...next.slice(0, 1)].filter((text) => text !== undefined).join(' ')
  return { type: 'error', what, ...(reason === '' ? {} : { why: reason }) }
}
