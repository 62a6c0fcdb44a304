import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { InvalidArgumentError, Option } from 'commander'
import { stages } from '../../processors/stages/index.ts'
import type { Config } from '../config/config.ts'
import { nearestPath } from '../config/nearest.ts'
import { AppError, exitCodes } from '../core/errors.ts'
import { formatCount, formatDuration } from '../core/format.ts'
import { jsonText } from '../core/json.ts'
import { tables } from '../core/tables.ts'
import { inMoney } from '../engine/cost/guard.ts'
import { billingUnit, priceOf } from '../engine/cost/price.ts'
import { toCsv } from '../engine/export.ts'
import { textOf } from '../engine/selectors/answer.ts'
import type { QueryResult } from '../warehouse/warehouse.ts'
import { agree, priceText } from './agree.ts'
import { openWarehouseOf } from './open-ports.ts'
import { configOf } from './options.ts'
import { textTable } from './text-table.ts'
import type { Call, Verb } from './verb.ts'

const numeric = /INT|FLOAT|DOUBLE|DECIMAL|NUMERIC/i

const canned = stages.flatMap((stage) => stage.queries.map((query) => ({ ...query, stage: stage.id })))

const listQueries = (call: Call): number => {
  const list = canned.map(({ id, stage, title, why, sql }) => ({ id, stage, title, why, sql }))
  if (call.json) call.print(jsonText({ queries: list }, 2))
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
    return jsonText({
      columns: result.columns,
      rows: result.rows,
      truncated: result.truncated,
      ...(result.full === true ? { full: true } : {}),
      ms: result.ms,
      ...(result.bytesProcessed === undefined ? {} : { bytesProcessed: result.bytesProcessed }),
      ...(result.bytesBilled === undefined ? {} : { bytesBilled: result.bytesBilled }),
    })
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
  readonly yes?: boolean
  readonly maxBytes?: number
}

const query = async (call: Call, text: string | undefined, options: QueryOptions): Promise<number> => {
  const { limit, format } = options
  if (text === undefined) return listQueries(call)
  const sql = sqlOf(text)
  const config = configOf(call, call.context.env)
  const onFiles = config.warehouse.kind === 'duckdb'
  if (onFiles) mustExist(join(config.warehouse.path, config.bigquery.dataset_name))
  const warehouse = await openWarehouseOf(config, call)
  try {
    const { signal } = call.context
    if (onFiles) await warehouse.confirm(tables, { signal, deadlineMs: 30_000 })
    const { bytes, tables: read } = await warehouse.estimate(sql, { signal, deadlineMs: 30_000 })
    const price = bytes === undefined ? undefined : priceOf(bytes, read)
    if (price !== undefined) call.say(priceText(price))
    const agreed = price === undefined ? undefined : await agree(call, price, options, budgetOf(config))
    if (agreed === 'no') {
      call.say('It was not run; the dry run was free.')
      return exitCodes.refused
    }
    const cap = agreed === undefined ? {} : { maxBytes: agreed }
    const result = await warehouse.query(sql, { signal, limit, deadlineMs: 300_000, ...cap })
    call.print(rendered(result, call.json ? 'json' : format, call.context.stdout.isTTY === true))
    if (!call.json)
      call.say(
        `${formatCount(result.rows.length)} ${result.rows.length === 1 ? 'row' : 'rows'} in ${formatDuration(result.ms)}${billedText(result)}${moreText(result)}`,
      )
    return 0
  } finally {
    await warehouse.close()
  }
}

/** Why an answer is not whole, and what shows more of it. */
export const moreText = ({ truncated, full }: QueryResult): string => {
  if (full === true) return '; there are more than one answer holds: select fewer columns, filter or aggregate'
  return truncated ? '; there are more: --limit N shows them' : ''
}

const billedText = ({ bytesBilled }: QueryResult): string =>
  bytesBilled === undefined ? '' : `; billed ${inMoney(bytesBilled)}`

const budgetOf = ({ warehouse }: Config): number => warehouse.budget_mb * billingUnit

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
    .option('--yes', 'run it whatever it costs within warehouse.budget_mb')
    .option('--max-bytes <bytes>', 'run it when it bills no more than that', positive)
    .addOption(new Option('--format <name>', 'how rows are printed').choices(['table', 'csv', 'json']).default('table'))
    .action(act(query))
}
