import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { nearestPath } from '../config/nearest.ts'
import { AppError } from '../core/errors.ts'
import { formatCount } from '../core/format.ts'
import { jsonText } from '../core/json.ts'
import { sanitize } from '../core/sanitize.ts'
import { type TableName, tableNames, tables } from '../core/tables.ts'
import { truncate } from '../core/width.ts'
import { textOf } from '../engine/selectors/answer.ts'
import type { Row } from '../warehouse/warehouse.ts'
import { openWarehouseOf } from './open-ports.ts'
import { configOf } from './options.ts'
import { textTable } from './text-table.ts'
import type { Call } from './verb.ts'

const deadlineMs = 30_000
/** Characters of a value in a table; --json prints them all. */
const widest = 40

const wantedTables = (config: Config, name: string | undefined): readonly TableName[] => {
  if (name === undefined) return tableNames
  const known = tableNames.find((table) => table === name)
  if (known !== undefined) return [known]
  if (name === config.bigquery.table_name) return ['log_results']
  const nearest = nearestPath(name, tableNames)
  throw new AppError({
    what: `There is no table ${name}.`,
    ...(nearest === undefined ? {} : { why: `The nearest one is ${nearest}.` }),
    next: [`Give one of ${tableNames.join(', ')}, or none for all.`],
    kind: 'usage',
  })
}

/** A look must not make the folder that it looks at. */
const mustExist = (folder: string): void => {
  if (existsSync(folder)) return
  throw new AppError({
    what: `There are no tables in ${folder}.`,
    why: 'The folder does not exist.',
    next: ['Run a stage first: bbq run raw', 'Or make them: bbq tables confirm'],
    kind: 'usage',
  })
}

const shown = (rows: readonly Row[]): string => {
  const names = Object.keys(rows[0] ?? {})
  return textTable(
    names.map((title) => ({ title })),
    rows.map((row) =>
      names.map((name) =>
        truncate((row[name] ?? null) === null ? 'NULL' : sanitize(textOf(row[name] ?? null)), widest),
      ),
    ),
  )
}

/** `bbq tables sample`: the newest rows, by listing them. */
export const sample = async (
  call: Call,
  name: string | undefined,
  { limit }: { readonly limit: number },
): Promise<number> => {
  const config = configOf(call, call.context.env)
  const wanted = wantedTables(config, name)
  const onFiles = config.warehouse.kind === 'duckdb'
  if (onFiles) mustExist(join(config.warehouse.path, config.bigquery.dataset_name))
  const warehouse = await openWarehouseOf(config, call)
  try {
    const { signal } = call.context
    if (onFiles) await warehouse.confirm(tables, { signal, deadlineMs })
    const found = []
    for (const table of wanted) found.push({ table, rows: await warehouse.tail(table, { signal, deadlineMs, limit }) })
    if (call.json) {
      call.print(jsonText({ tables: found }, 2))
      return 0
    }
    for (const [i, { table, rows }] of found.entries()) {
      if (found.length > 1) call.print(`${i === 0 ? '' : '\n'}${table}`)
      if (rows.length > 0) call.print(shown(rows))
      call.say(`${table}: ${formatCount(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}, listed for free.`)
    }
    return 0
  } finally {
    await warehouse.close()
  }
}
