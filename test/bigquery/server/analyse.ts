import { quoteName } from '../../../src/core/duckdb-types.ts'
import { ApiProblem, invalid, notFound } from './problem.ts'
import { type Source, sourcesOf } from './sql/sources.ts'
import { isSign, type Node, placeOf, type Token, tokensOf, treeOf, wordOf } from './sql/tokens.ts'
import { translate } from './sql/translate.ts'
import type { StoredTable, World } from './world.ts'

export interface Statement {
  readonly type: string
  /** In DuckDB's words. */
  readonly sql: string
  readonly items: readonly Node[]
}

export interface Analysis {
  /** SELECT, another kind of statement, or SCRIPT for several. */
  readonly type: string
  readonly statements: readonly Statement[]
  readonly tokens: readonly Token[]
  /** Tables and views that it names, and those behind the views. */
  readonly tables: readonly StoredTable[]
  /** Bytes of the columns whose names stand in it, of all with a `*`. */
  readonly bytes: number
}

const statementTypes: Readonly<Record<string, string>> = {
  SELECT: 'SELECT',
  WITH: 'SELECT',
  '(': 'SELECT',
  INSERT: 'INSERT',
  UPDATE: 'UPDATE',
  DELETE: 'DELETE',
  MERGE: 'MERGE',
  TRUNCATE: 'TRUNCATE_TABLE',
  CREATE: 'CREATE',
  DROP: 'DROP',
  ALTER: 'ALTER_TABLE',
  EXPORT: 'EXPORT_DATA',
  DECLARE: 'SCRIPT',
  BEGIN: 'SCRIPT',
  SET: 'SCRIPT',
  IF: 'SCRIPT',
  CALL: 'CALL',
}

const splitStatements = (items: readonly Node[]): readonly (readonly Node[])[] => {
  const parts: Node[][] = [[]]
  for (const item of items) {
    if (isSign(item, ';')) parts.push([])
    else parts.at(-1)?.push(item)
  }
  return parts.filter((part) => part.length > 0)
}

const typeOf = (sql: string, items: readonly Node[]): string => {
  const first = items[0]
  const word = first?.kind === 'group' ? first.open : wordOf(first)
  const type = statementTypes[word]
  if (type === undefined)
    throw new ApiProblem(
      400,
      'invalidQuery',
      `Syntax error: Unexpected identifier "${first?.kind === 'word' ? first.value : word}" at ${placeOf(sql, first?.at ?? 0)}`,
    )
  if (type !== 'CREATE' && type !== 'DROP') return type
  const what = items
    .slice(1, 5)
    .map(wordOf)
    .find((one) => one === 'TABLE' || one === 'VIEW')
  return `${type}_${what ?? 'OTHER'}`
}

/** The table that a name means. */
const resolve = (world: World, { parts }: Source, defaultDataset: string | undefined): StoredTable => {
  const [id = '', datasetId = defaultDataset, projectId = world.projectId] = parts.toReversed()
  if (datasetId === undefined) throw invalid(`Table "${id}" must be qualified with a dataset (e.g. dataset.table).`)
  const dataset = projectId === world.projectId ? world.datasets.get(datasetId) : undefined
  if (dataset === undefined) throw notFound(`Dataset ${projectId}:${datasetId}`)
  const table = dataset.tables.get(id)
  if (table === undefined)
    throw notFound(`Table ${projectId}:${datasetId}.${id} was not found in location ${dataset.location}`)
  return table
}

const namesTarget = new Set(['CREATE_TABLE', 'CREATE_VIEW'])

const behind = (world: World, table: StoredTable, depth = 0): readonly StoredTable[] =>
  table.view === undefined || depth > 8 ? [table] : [table, ...analyse(world, table.view).tables]

/** Bytes that a query would read. */
const bytesRead = (tables: readonly StoredTable[], tokens: readonly Token[], items: readonly Node[]): number => {
  const words = new Set(
    tokens.flatMap(({ kind, value }) => (kind === 'word' || kind === 'path' ? [value.toLowerCase()] : [])),
  )
  const all = hasStar(items)
  return tables
    .flatMap((table) => Object.entries(table.bytes))
    .reduce((sum, [name, bytes]) => (all || words.has(name.toLowerCase()) ? sum + bytes : sum), 0)
}

/** `SELECT *` or `t.*`, not `COUNT(*)` and not a product. */
const hasStar = (items: readonly Node[]): boolean =>
  items.some((node, index) => {
    if (node.kind === 'group') return hasStar(node.items)
    const before = items[index - 1]
    return (
      isSign(node, '*') &&
      (['SELECT', 'DISTINCT'].includes(wordOf(before)) || isSign(before, '.') || isSign(before, ','))
    )
  })

/** Reads a query: what it is, which tables it touches, what it would bill, how DuckDB says it. */
export const analyse = (
  world: World,
  sql: string,
  defaultDataset?: string,
  parameters: Readonly<Record<string, string>> = {},
): Analysis => {
  const tokens = tokensOf(sql)
  const statements = splitStatements(treeOf(sql, tokens))
  if (statements.length === 0)
    throw new ApiProblem(
      400,
      'invalidQuery',
      `Syntax error: Unexpected end of statement at ${placeOf(sql, sql.length)}`,
    )
  const types = statements.map((items) => typeOf(sql, items))
  const sources = statements.flatMap((items, index) => {
    const found = sourcesOf(items)
    // What CREATE makes is not there yet, and DROP … IF EXISTS may not be.
    return namesTarget.has(types[index] ?? '') ? found.slice(1) : types[index]?.startsWith('DROP') ? [] : found
  })
  const named = sources.map((source) => resolve(world, source, defaultDataset))
  const tables = [...new Set(named.flatMap((table) => behind(world, table)))]
  const unqualified = new Set(sources.filter(({ parts }) => parts.length === 1).map(({ at }) => at))
  const pathOf = (parts: readonly string[], at: number): string =>
    (defaultDataset !== undefined && unqualified.has(at) ? [defaultDataset, ...parts] : parts).map(quoteName).join('.')
  const views = tables.flatMap(({ view }) => (view === undefined ? [] : [tokensOf(view)]))
  const items = statements.flat()
  return {
    type: statements.length > 1 ? 'SCRIPT' : (types[0] ?? 'SELECT'),
    statements: statements.map((one, index) => ({
      type: types[index] ?? 'SELECT',
      sql: translate(sql, one, parameters, pathOf, (at) => unqualified.has(at)),
      items: one,
    })),
    tokens,
    tables,
    bytes: bytesRead(tables, [...tokens, ...views.flat()], items),
  }
}
