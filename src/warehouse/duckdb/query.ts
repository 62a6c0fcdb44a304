import { type DuckDBConnection, type DuckDBPreparedStatement, StatementType } from '@duckdb/node-api'
import { AppError } from '../../core/errors.ts'
import type { QueryColumn, Value } from '../warehouse.ts'
import { normalise } from './values.ts'

export interface FoundRows {
  readonly columns: readonly QueryColumn[]
  readonly rows: readonly (readonly Value[])[]
  readonly truncated: boolean
}

const interruptEveryMs = 50

/** Runs one reading statement and stops as soon as one row more than `limit` is there. The connection is the caller's. */
export const runQuery = async (
  connection: DuckDBConnection,
  sql: string,
  limit: number,
  signal: AbortSignal,
): Promise<FoundRows> => {
  // DuckDB forgets an interrupt that comes before the statement starts, so it is told until it stops.
  let timer: NodeJS.Timeout | undefined
  const interrupt = (): void => {
    connection.interrupt()
    timer ??= setInterval(interrupt, interruptEveryMs)
  }
  signal.addEventListener('abort', interrupt)
  try {
    signal.throwIfAborted()
    const statement = await prepareReading(connection, sql)
    const result = await statement.stream()
    const names = result.columnNames()
    const types = result.columnTypes()
    const rows: Value[][] = []
    while (rows.length <= limit) {
      signal.throwIfAborted()
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0) break
      for (const row of chunk.getRows().slice(0, limit + 1 - rows.length)) rows.push(row.map(normalise))
    }
    return {
      columns: names.map((name, index) => ({ name, type: String(types[index]) })),
      rows: rows.slice(0, limit),
      truncated: rows.length > limit,
    }
  } finally {
    signal.removeEventListener('abort', interrupt)
    clearInterval(timer)
  }
}

const prepareReading = async (connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> => {
  if (bare(sql) === '')
    throw new AppError({ what: 'There is no query to run.', next: ['Type a SELECT.'], kind: 'usage' })
  const statements = await connection.extractStatements(sql)
  if (statements.count !== 1)
    throw new AppError({
      what: `One statement runs at a time; these are ${statements.count}.`,
      next: ['Run them one by one. A PIVOT wants its values named: ON column IN (…).'],
      kind: 'usage',
    })
  const statement = await statements.prepare(0)
  const type = statement.statementType
  if (type === StatementType.SELECT) return statement
  const explained = type === StatementType.EXPLAIN ? explainedPart(sql) : undefined
  if (explained !== undefined) {
    await prepareReading(connection, explained)
    return statement
  }
  throw new AppError({
    what: `Queries only read; a statement of type ${StatementType[type] ?? type} does not run here.`,
    next: ['Use SELECT, WITH, DESCRIBE, SUMMARIZE or EXPLAIN.'],
    kind: 'refused',
  })
}

/** SQL without comments at its head and blanks around. */
const bare = (sql: string): string => sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|;)+/, '').trim()

/** What an EXPLAIN would run with ANALYZE, so that it cannot hide a statement that writes. */
const explainedPart = (sql: string): string | undefined => {
  const rest = bare(sql).replace(/^explain\b/i, '')
  return rest === bare(sql) ? undefined : bare(bare(bare(rest).replace(/^\([^)]*\)/, '')).replace(/^analyze\b/i, ''))
}
