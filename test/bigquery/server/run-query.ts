import { quoteName } from '../../../src/core/duckdb-types.ts'
import { type Analysis, analyse, type Statement } from './analyse.ts'
import { fieldsOf } from './fields.ts'
import { ApiProblem, accessDenied, notFound } from './problem.ts'
import { recount } from './recount.ts'
import { queryProblem } from './sql/errors.ts'
import { isSign, wordOf } from './sql/tokens.ts'
import { createStored, dropStored, newTable } from './tables.ts'
import type { Job, World } from './world.ts'

export interface QueryRequest {
  readonly sql: string
  readonly location: string | undefined
  readonly defaultDataset: string | undefined
  readonly maximumBytesBilled: number | undefined
  readonly parameters: Readonly<Record<string, string>>
}

const megabyte = 1_048_576

const changes = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'TRUNCATE_TABLE'])

/** Tables that hold the rows that a query reads; views do not. */
export const storedTables = ({ tables }: Pick<Analysis, 'tables'>) => tables.filter(({ view }) => view === undefined)

/** 10 MB a table at least, whole megabytes. */
export const bytesBilled = (found: Analysis): number => {
  const stored = storedTables(found).length
  return stored === 0 ? 0 : Math.max(10 * megabyte * stored, Math.ceil(found.bytes / megabyte) * megabyte)
}

/** Reads a query and refuses what needs no rows to be refused: names, places, rights, billing, the cap. */
export const checkQuery = (world: World, account: string | undefined, query: QueryRequest): Analysis => {
  const found = analyse(world, query.sql, query.defaultDataset, query.parameters)
  for (const { datasetId, id } of found.tables) {
    const place = world.datasets.get(datasetId)?.location
    if (query.location !== undefined && place !== query.location)
      throw notFound(`Dataset ${world.projectId}:${datasetId} was not found in location ${query.location}`)
    const permission = found.type === 'SELECT' ? 'bigquery.tables.getData' : 'bigquery.tables.updateData'
    const name = `${world.projectId}:${datasetId}.${id}`
    if (!world.permissions.may(account, permission, datasetId))
      throw accessDenied(
        `Table ${name}: User does not have permission to query table ${name}, or perhaps it does not exist.`,
      )
  }
  for (const { requirePartitionFilter, partitionField = '_PARTITIONTIME', datasetId, id } of found.tables)
    if (
      requirePartitionFilter &&
      !found.tokens.some(({ value }) => value.toLowerCase() === partitionField.toLowerCase())
    )
      throw new ApiProblem(
        400,
        'invalidQuery',
        `Cannot query over table '${datasetId}.${id}' without a filter over column(s) '${partitionField}' that can be used for partition elimination`,
      )
  if (!world.billing && found.statements.some(({ type }) => changes.has(type)))
    throw new ApiProblem(
      403,
      'billingNotEnabled',
      'Billing has not been enabled for this project. Enable billing at https://console.cloud.google.com/billing. DML queries are not allowed in the free tier. Set up a billing account to remove this restriction.',
    )
  return found
}

/** The cap: the service says how much it would take. */
export const checkCap = (found: Analysis, cap: number | undefined): void => {
  const needed = bytesBilled(found)
  if (cap === undefined || needed <= cap) return
  throw new ApiProblem(
    500,
    'bytesBilledLimitExceeded',
    `Query exceeded limit for bytes billed: ${cap}. ${needed} or higher required.`,
  )
}

/** Runs a query's statements one after the other; the rows of the last SELECT are its result. */
export const runQuery = async (world: World, job: Job, query: QueryRequest, found: Analysis): Promise<void> => {
  for (const statement of found.statements) {
    try {
      await runStatement(world, job, statement, query)
    } catch (error) {
      throw queryProblem(error, query.sql, found.tokens)
    }
  }
}

const runStatement = async (world: World, job: Job, statement: Statement, query: QueryRequest): Promise<void> => {
  if (statement.type === 'SELECT') {
    const { names, types, rows } = await world.database.query(statement.sql, job.stop.signal)
    job.result = { fields: fieldsOf(names, types), rows }
    return
  }
  const { tables } = analyse(world, query.sql, query.defaultDataset, query.parameters)
  if (changes.has(statement.type)) {
    await world.database.run(withWords(statement.sql))
    for (const table of tables) if (table.view === undefined) await recount(world, table)
  } else if (statement.type === 'CREATE_VIEW') await createView(world, statement, query)
  else if (statement.type.startsWith('DROP_')) await drop(world, statement, query)
  else throw new ApiProblem(400, 'invalidQuery', `The stand-in does not run ${statement.type}.`)
  job.result = { fields: [], rows: [] }
}

/** Words that GoogleSQL lets out, or has more than DuckDB. */
const withWords = (sql: string): string =>
  sql
    .replace(/^TRUNCATE TABLE/i, 'TRUNCATE')
    .replace(/^DELETE (?!FROM )/i, 'DELETE FROM ')
    .replace(/^INSERT (?!INTO )/i, 'INSERT INTO ')

/** Dataset and table behind a word of a statement: `CREATE VIEW d.t`. */
const targetOf = (world: World, { items }: Statement, word: string, { defaultDataset }: QueryRequest) => {
  let at = items.findIndex((item) => wordOf(item) === word) + 1
  const exists = wordOf(items[at]) === 'IF'
  while (['IF', 'NOT', 'EXISTS'].includes(wordOf(items[at]))) at += 1
  const parts: string[] = []
  for (let next = at; next === at || isSign(items[next - 1], '.'); next += 2) {
    const item = items[next]
    if (item?.kind === 'word' || item?.kind === 'path') parts.push(...item.value.split('.'))
  }
  const [id = '', datasetId = defaultDataset ?? ''] = parts.toReversed()
  const dataset = world.datasets.get(datasetId)
  if (dataset === undefined) throw notFound(`Dataset ${world.projectId}:${datasetId}`)
  return { dataset, datasetId, id, exists, table: dataset.tables.get(id) }
}

const createView = async (world: World, statement: Statement, query: QueryRequest): Promise<void> => {
  const { datasetId, id, exists, table } = targetOf(world, statement, 'VIEW', query)
  const replace = wordOf(statement.items[1]) === 'OR'
  if (table !== undefined && exists) return
  if (table !== undefined && !replace)
    throw new ApiProblem(409, 'duplicate', `Already Exists: Table ${world.projectId}:${datasetId}.${id}`)
  const as = statement.items.findIndex((item) => wordOf(item) === 'AS')
  const select = query.sql.slice(statement.items[as + 1]?.at ?? 0)
  if (table !== undefined) await dropStored(world, table)
  await createStored(world, { ...newTable(world, datasetId, id, []), view: select })
}

const drop = async (world: World, statement: Statement, query: QueryRequest): Promise<void> => {
  const word = statement.type === 'DROP_VIEW' ? 'VIEW' : 'TABLE'
  const { datasetId, id, exists, table } = targetOf(world, statement, word, query)
  if (table === undefined && exists) return
  if (table === undefined) throw notFound(`Table ${world.projectId}:${datasetId}.${id}`)
  await dropStored(world, table)
}

/** Columns of a SELECT that is not run. */
export const describeQuery = async (world: World, query: QueryRequest, found: Analysis) => {
  const statement = found.statements[0]
  if (found.type !== 'SELECT' || statement === undefined) return []
  try {
    // LIMIT 0 alone would run what is below it.
    const { names, types } = await world.database.query(
      `SELECT * FROM (${statement.sql}) AS ${quoteName('dry run')} LIMIT 0`,
      new AbortController().signal,
    )
    return fieldsOf(names, types)
  } catch (error) {
    throw queryProblem(error, query.sql, found.tokens)
  }
}
