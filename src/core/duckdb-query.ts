import { type DuckDBConnection, type DuckDBPreparedStatement, StatementType } from '@duckdb/node-api'
import { normalise } from './duckdb-values.ts'
import { AppError } from './errors.ts'
import type { PlainColumn, PlainValue } from './plain-value.ts'

export interface FoundRows {
  readonly columns: readonly PlainColumn[]
  readonly rows: readonly (readonly PlainValue[])[]
  readonly truncated: boolean
}

const interruptEveryMs = 50

/**
 * Runs one reading statement and stops as soon as one row more than `limit` is there, or a row for which there is no room.
 * The connection is the caller's.
 */
export const runQuery = async (
  connection: DuckDBConnection,
  sql: string,
  limit: number,
  signal: AbortSignal,
  hasRoom: (row: readonly PlainValue[]) => boolean = () => true,
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
    const rows: PlainValue[][] = []
    let full = false
    while (rows.length <= limit && !full) {
      signal.throwIfAborted()
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0) break
      for (const values of chunk.getRows().slice(0, limit + 1 - rows.length)) {
        const row = values.map(normalise)
        full = !hasRoom(row)
        if (full) break
        rows.push(row)
      }
    }
    return {
      columns: names.map((name, index) => ({ name, type: String(types[index]) })),
      rows: rows.slice(0, limit),
      truncated: full || rows.length > limit,
    }
  } finally {
    signal.removeEventListener('abort', interrupt)
    clearInterval(timer)
  }
}

/** Prepares one statement that reads. The first word is looked at before DuckDB sees it, because preparing alone makes an EXPORT create its folder. */
export const prepareReading = async (connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> => {
  const body = bare(sql)
  if (body === '') throw new AppError({ what: 'There is no query to run.', next: ['Type a SELECT.'], kind: 'usage' })
  const word = (/^\(|^\w+/.exec(body)?.[0] ?? '').toUpperCase()
  if (writers.has(word)) throw onlyReads(word)
  const statements = await connection.extractStatements(sql)
  if (statements.count !== 1)
    throw new AppError({
      what: `One statement runs at a time; these are ${statements.count}.`,
      next: ['Run them one by one. A PIVOT wants its values named: ON column IN (…).'],
      kind: 'usage',
    })
  if (word === 'EXPLAIN') {
    // With ANALYZE it runs what it explains.
    await prepareReading(connection, explainedPart(body))
    return statements.prepare(0)
  }
  const statement = await statements.prepare(0)
  if (statement.statementType !== StatementType.SELECT) throw onlyReads(word)
  return statement
}

const writers: ReadonlySet<string> = new Set(
  'ALTER ANALYZE ATTACH BEGIN CALL CHECKPOINT COMMENT COMMIT COPY CREATE DEALLOCATE DELETE DETACH DROP EXECUTE EXPORT FORCE IMPORT INSERT INSTALL LOAD MERGE PRAGMA PREPARE RESET ROLLBACK SET START TRUNCATE UPDATE USE VACUUM'.split(
    ' ',
  ),
)

const onlyReads = (word: string): AppError =>
  new AppError({
    what: `Queries only read; ${word} does not run here.`,
    next: ['Use SELECT, WITH, DESCRIBE, SUMMARIZE or EXPLAIN.'],
    kind: 'refused',
  })

/** SQL without comments and semicolons at its head and blanks around. */
const bare = (sql: string): string => sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|;)+/, '').trim()

/** What stands behind EXPLAIN and its options. */
const explainedPart = (sql: string): string => {
  const rest = bare(sql.replace(/^explain\b/i, ''))
  return bare(bare(rest.replace(/^\((?!\s*(?:select|with|from|values)\b)[^)]*\)/i, '')).replace(/^analyze\b/i, ''))
}
