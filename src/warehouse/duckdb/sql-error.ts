import { AppError } from '../../core/errors.ts'

const broken =
  /No magic bytes found|too small to be a Parquet file|not a parquet file|Invalid (?:Parquet|footer)|footer length|TProtocolException|corrupt|failed to read metadata|Thrift/i
const quotedPath = /(?:file|File|for file) ["']?([^"'\n]+?\.parquet)/
/** Beyond this an error repeats the query. */
const looked = 4_096
const memory = /^Out of Memory Error/
const vanished = /Cannot open file|No such file or directory|No files found that match/

/** True when a file went away between listing and reading it, as a reset makes them. */
export const isVanished = (thrown: unknown): boolean => thrown instanceof Error && vanished.test(thrown.message)

/** What DuckDB says of a person's SQL, or of a broken file under a table, in the three parts of an error. */
export const fromDuckdb = (thrown: unknown, tables: readonly string[]): AppError => {
  if (thrown instanceof AppError) return thrown
  const text = (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, looked)
  if (/^INTERRUPT Error/.test(text))
    return new AppError({ what: 'The query was stopped.', kind: 'interrupted', cause: thrown })
  return brokenFile(text, thrown) ?? tooLarge(text, thrown) ?? forbidden(text, thrown) ?? sqlError(text, thrown, tables)
}

const brokenFile = (text: string, cause: unknown): AppError | undefined => {
  const path = quotedPath.exec(text)?.[1]
  if (path === undefined || !broken.test(text)) return undefined
  const absolute = path.startsWith('/') ? path : `${process.cwd()}/${path}`
  return new AppError({
    what: `${absolute} is not a whole Parquet file.`,
    why: firstLine(text),
    next: [
      'Move the file out of its folder; every query on the table fails while it is there.',
      'Then reset, so that its rows are sent again.',
    ],
    cause,
  })
}

const tooLarge = (text: string, cause: unknown): AppError | undefined =>
  memory.test(text)
    ? new AppError({
        what: 'The query needs more memory than the warehouse may use.',
        why: firstLine(text),
        next: ['Select fewer columns, filter by a time, or aggregate before sorting.'],
        cause,
      })
    : undefined

const forbidden = (text: string, cause: unknown): AppError | undefined =>
  /file system operations are disabled|configuration has been locked/.test(text)
    ? new AppError({
        what: 'Queries read the tables of this warehouse and nothing else.',
        why: firstLine(text),
        next: ['Name a table in FROM instead of a file.'],
        kind: 'refused',
        cause,
      })
    : undefined

const sqlError = (text: string, cause: unknown, tables: readonly string[]): AppError => {
  const found = /^LINE (\d+): (.*)$/m.exec(text)
  const [, line, code = ''] = found ?? []
  const hint = /^(?:Candidate bindings|Did you mean)[^\n]*/m.exec(text)?.[0]
  return new AppError({
    what: line === undefined ? 'The query failed.' : `The query has an error in line ${line}: ${code.trim()}`,
    why: firstLine(text),
    next: [...(hint === undefined ? [] : [hint]), `Tables: ${tables.join(', ')}.`],
    kind: 'usage',
    cause,
  })
}

const firstLine = (text: string): string =>
  (text.split('\n', 1)[0] ?? '').replace(/^(?:Failed to extract statements: )?/, '')
