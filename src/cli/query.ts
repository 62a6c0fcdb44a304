import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { InvalidArgumentError, Option } from 'commander'
import { stages } from '../../processors/stages/index.ts'
import { nearestPath } from '../config/nearest.ts'
import { AppError } from '../core/errors.ts'
import { formatBytes, formatCount, formatDuration } from '../core/format.ts'
import { tables } from '../core/tables.ts'
import { toCsv } from '../engine/export.ts'
import { textOf } from '../engine/selectors/answer.ts'
import type { QueryResult } from '../warehouse/warehouse.ts'
import { openWarehouseOf } from './open-ports.ts'
import { configOf } from './options.ts'
import { textTable } from './text-table.ts'
import type { Call, Verb } from './verb.ts'

const numeric = /INT|FLOAT|DOUBLE|DECIMAL|NUMERIC/i

const canned = stages.flatMap((stage) => stage.queries.map((query) => ({ ...query, stage: stage.id })))

const listQueries = (call: Call): number => {
  const list = canned.map(({ id, stage, title, why, sql }) => ({ id, stage, title, why, sql }))
  if (call.json) call.print(JSON.stringify({ queries: list }, null, 2))
  else
    call.print(
      textTable(
        [{ title: 'id' }, { title: 'stage' }, { title: 'what it shows' }],
        list.map(({ id, stage, why }) => [id, stage, why]),
      ),
    )
  call.say('bbq query ID runs one of them, bbq query "SELECT ..." your own.')
  return 0
}

const sqlOf = (text: string): string => {
  const known = canned.find((query) => query.id === text)
  if (known !== undefined) return known.sql
  if (/\s/.test(text.trim())) return text
  const nearest = nearestPath(
    text,
    canned.map((query) => query.id),
  )
  throw new AppError({
    what: `${text} is neither SQL nor the id of a query.`,
    ...(nearest === undefined ? {} : { why: `The nearest id is ${nearest}.` }),
    next: ['bbq query lists the ids.'],
    kind: 'usage',
  })
}

/** What a terminal may obey. */
const control = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** An answer as a table, CSV or JSON; what a terminal would obey is made visible. */
export const rendered = (result: QueryResult, format: string, onTerminal: boolean): string => {
  if (format === 'csv') return onTerminal ? toCsv(result).replaceAll(control, '·') : toCsv(result)
  if (format === 'json')
    return JSON.stringify({
      columns: result.columns,
      rows: result.rows,
      truncated: result.truncated,
      ms: result.ms,
    }).replaceAll(control, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return textTable(
    result.columns.map(({ name, type }) => ({ title: name, right: numeric.test(type) && !type.includes('[') })),
    result.rows.map((row) => row.map((value) => (value === null ? 'NULL' : textOf(value)))),
  )
}

/** A question must not make the dataset that it asks. */
const mustExist = (path: string): void => {
  if (existsSync(path)) return
  throw new AppError({
    what: `There are no tables in ${path}.`,
    why: 'The folder does not exist.',
    next: ['Run a stage first: bbq run raw', 'Or give the state folder of your demo with --state DIR.'],
    kind: 'usage',
  })
}

interface QueryOptions {
  readonly limit: number
  readonly format: string
}

const query = async (call: Call, text: string | undefined, { limit, format }: QueryOptions): Promise<number> => {
  if (text === undefined) return listQueries(call)
  const sql = sqlOf(text)
  const config = configOf(call, call.context.env)
  const onFiles = config.warehouse.kind === 'duckdb'
  if (onFiles) mustExist(join(config.warehouse.path, config.bigquery.dataset_name))
  const warehouse = await openWarehouseOf(config, call)
  try {
    const { signal } = call.context
    if (onFiles) await warehouse.confirm(tables, { signal, deadlineMs: 30_000 })
    const { bytes } = await warehouse.estimate(sql, { signal, deadlineMs: 30_000 })
    if (bytes !== undefined && !call.json) call.say(priceOf(bytes))
    const result = await warehouse.query(sql, { signal, limit, deadlineMs: 300_000 })
    call.print(rendered(result, call.json ? 'json' : format, call.context.stdout.isTTY === true))
    if (!call.json)
      call.say(
        `${formatCount(result.rows.length)} ${result.rows.length === 1 ? 'row' : 'rows'} in ${formatDuration(result.ms)}${result.truncated ? '; there are more: --limit N shows them' : ''}`,
      )
    return 0
  } finally {
    await warehouse.close()
  }
}

/** Dollars for 2^40 bytes on demand, after the first of a month, which are free. */
const dollarsPerTiB = 6.25

const priceOf = (bytes: number): string => {
  const dollars = (bytes / 2 ** 40) * dollarsPerTiB
  const price = dollars < 0.01 ? 'less than a cent' : `at most $${dollars.toFixed(2)}`
  return `Reads ${formatBytes(bytes)}: ${price}, or nothing within the free terabyte of a month.`
}

/** A whole number above 0, for an option. */
export const positive = (text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It takes a whole number above 0.')
  return value
}

/** `bbq query`: answers from the warehouse. */
export const queryVerb: Verb = (program, act) => {
  program
    .command('query')
    .description('an answer from the warehouse; without one, the queries to choose from')
    .argument('[sql-or-id]', 'SQL, or the id of a canned query')
    .option('--limit <rows>', 'rows at most', positive, 100)
    .addOption(new Option('--format <name>', 'how rows are printed').choices(['table', 'csv', 'json']).default('table'))
    .action(act(query))
}
