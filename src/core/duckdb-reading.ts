import { type DuckDBConnection, type DuckDBPreparedStatement, StatementType } from '@duckdb/node-api'
import { z } from 'zod'
import { AppError } from './errors.ts'

/**
 * Prepares one statement that reads. What it does is read from DuckDB's own syntax tree before anything else of it happens,
 * because preparing alone makes an EXPORT create its folder.
 */
export const prepareReading = async (connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> => {
  const { head, body } = splitExplain(bare(sql))
  await mustOnlyRead(connection, head === '' ? sql : body)
  // with its head an explained statement is put together anew: nothing but what was looked at can stand behind it
  const statement = await connection.prepare(head === '' ? sql : `${head} ${body}`)
  if (statement.statementType === (head === '' ? StatementType.SELECT : StatementType.EXPLAIN)) return statement
  throw onlyReads(wordOf(body))
}

/** DuckDB writes SELECT, and what it makes of it (DESCRIBE, SUMMARIZE, SHOW), as JSON; for all else it gives an error. */
const treeSchema = z.union([
  z.object({ error: z.literal(false), statements: z.array(z.unknown()) }),
  z.object({ error: z.literal(true), error_type: z.string() }),
])

const mustOnlyRead = async (connection: DuckDBConnection, sql: string): Promise<void> => {
  const word = wordOf(sql)
  if (word === '') throw new AppError({ what: 'There is no query to run.', next: ['Type a SELECT.'], kind: 'usage' })
  const read = await connection.runAndReadAll(
    'SELECT json_serialize_sql($1::VARCHAR, skip_null := true, skip_empty := true, skip_default := true)',
    [sql],
  )
  const tree = treeSchema.parse(JSON.parse(String(read.getRows()[0]?.[0])))
  if (tree.error) {
    // what is no SQL at all is told in DuckDB's own words, with its place
    if (tree.error_type !== 'not implemented') await connection.extractStatements(sql)
    throw onlyReads(word)
  }
  if (tree.statements.length !== 1)
    throw new AppError({
      what: `One statement runs at a time; these are ${tree.statements.length}.`,
      next: ['Run them one by one.'],
      kind: 'usage',
    })
  const { functions, tableFunctions, files } = usesOf(tree.statements)
  const withEffects = functions.size === 0 ? undefined : await effectsOf(connection)
  const [refused] = [
    ...[...tableFunctions].filter((name) => !readingTableFunctions.has(name)),
    ...[...functions].filter((name) => withEffects?.has(name)),
  ]
  if (refused !== undefined) throw refusedFunction(refused)
  const [file] = files
  if (file !== undefined) throw noFile(file)
}

/** Functions in FROM that give rows of nothing but their arguments or of the catalog. */
const readingTableFunctions: ReadonlySet<string> = new Set([
  ...['generate_series', 'json_each', 'json_tree', 'range', 'repeat', 'repeat_row', 'unnest'],
  ...['duckdb_columns', 'duckdb_functions', 'duckdb_keywords', 'duckdb_schemas', 'duckdb_tables', 'duckdb_types'],
  ...['duckdb_views', 'icu_calendar_names', 'pg_timezone_names', 'pragma_table_info', 'pragma_version'],
])

/** DuckDB calls them volatile although they only make a value. */
const harmless: readonly string[] = [
  ...['current_query', 'error', 'gen_random_uuid', 'random', 'sleep_ms', 'uuid', 'uuidv4', 'uuidv7'],
]

/** Of the others this one works on SQL that is its argument. */
const bindsText = 'json_serialize_plan'

let effects: ReadonlySet<string> | undefined

/** Functions that do more than make a value, by what DuckDB's catalog says; the same in every database of a process. */
const effectsOf = async (connection: DuckDBConnection): Promise<ReadonlySet<string>> => {
  if (effects !== undefined) return effects
  const read = await connection.runAndReadAll(
    "SELECT DISTINCT function_name FROM duckdb_functions() WHERE stability = 'VOLATILE'",
  )
  const names = read.getRows().map(([name]) => String(name))
  effects = new Set([bindsText, ...names.filter((name) => !harmless.includes(name))])
  return effects
}

interface Uses {
  readonly functions: ReadonlySet<string>
  readonly tableFunctions: ReadonlySet<string>
  /** What stands in FROM and can only be a file. */
  readonly files: readonly string[]
}

const textOf = (node: object, key: string): string | undefined => {
  const value: unknown = Reflect.get(node, key)
  return typeof value === 'string' ? value : undefined
}

const usesOf = (statements: readonly unknown[]): Uses => {
  const functions = new Set<string>()
  const tableFunctions = new Set<string>()
  const inFrom = new Set<unknown>()
  const files: string[] = []
  const left = [...statements]
  while (left.length > 0) {
    const node = left.pop()
    if (typeof node !== 'object' || node === null) continue
    for (const value of Object.values(node)) left.push(value)
    const type = textOf(node, 'type')
    if (type === 'TABLE_FUNCTION') inFrom.add(Reflect.get(node, 'function'))
    if (type === 'BASE_TABLE') files.push(...fileOf(node))
    const name = textOf(node, 'function_name')?.toLowerCase()
    if (name !== undefined) (inFrom.has(node) ? tableFunctions : functions).add(name)
  }
  return { functions, tableFunctions, files }
}

const places: ReadonlySet<string> = new Set(['memory', 'system', 'temp', 'main', 'information_schema', 'pg_catalog'])

/** DuckDB takes a table that it does not know for a file, and the parts of its name for those of a path. */
const fileOf = (table: object): readonly string[] => {
  const name = textOf(table, 'table_name') ?? ''
  const before = ['catalog_name', 'schema_name'].flatMap((key) => textOf(table, key) ?? [])
  return /^[^./\\:*?]*$/.test(name) && before.every((place) => places.has(place.toLowerCase()))
    ? []
    : [[...before, name].join('.')]
}

const onlyReads = (word: string): AppError =>
  new AppError({
    what: `Queries only read; ${word} does not run here.`,
    next: [
      word === 'PIVOT'
        ? 'A PIVOT wants its values named: ON column IN (…).'
        : 'Use SELECT, WITH, DESCRIBE, SUMMARIZE or EXPLAIN.',
    ],
    kind: 'refused',
  })

const refusedFunction = (name: string): AppError =>
  new AppError({
    what: `Queries only read; the function ${name} does not run here.`,
    why: 'It may reach files, other SQL or the settings of DuckDB.',
    next: ['Name a table in FROM, or leave the function out.'],
    kind: 'refused',
  })

const noFile = (name: string): AppError =>
  new AppError({
    what: `Queries read tables and nothing else; ${name} is none.`,
    next: ['Name a table in FROM instead of a file; SHOW TABLES lists them.'],
    kind: 'refused',
  })

/** SQL without comments and semicolons at its head and blanks around. */
const bare = (sql: string): string => sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|;)+/, '').trim()

const wordOf = (sql: string): string => (/^(?:\(|\w+|\S)/.exec(bare(sql))?.[0] ?? '').toUpperCase()

/** EXPLAIN with its options, and what stands behind them; no head where a statement is not explained. */
const splitExplain = (sql: string): { readonly head: string; readonly body: string } => {
  const [word] = /^explain\b/i.exec(sql) ?? []
  if (word === undefined) return { head: '', body: sql }
  const rest = bare(sql.slice(word.length))
  const [options = ''] = /^(?:analyze\b|\((?!\s*(?:select|with|from|values)\b)[\w\s,]*\))/i.exec(rest) ?? []
  return { head: `EXPLAIN ${options}`.trim(), body: bare(rest.slice(options.length)) }
}
