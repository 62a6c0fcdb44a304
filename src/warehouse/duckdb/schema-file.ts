import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { duckdbType, quoteName, quoteText } from '../../core/duckdb-types.ts'
import { AppError } from '../../core/errors.ts'
import type { Table } from '../../core/tables.ts'
import type { Database } from './database.ts'
import type { Layout } from './layout.ts'

/** Makes a table's folder and its zero-row schema file; true when it was made. A file with other columns is refused. */
export const confirmSchema = async (database: Database, layout: Layout, table: Table): Promise<boolean> => {
  const file = layout.schemaFile(table.name)
  const exists = await stat(file).then(
    () => true,
    () => false,
  )
  if (exists) {
    await compare(database, layout, table)
    return false
  }
  await mkdir(layout.nameOf(table.name), { recursive: true })
  const aside = `${layout.nameOf(table.name)}/.schema-${process.pid}.parquet`
  const columns = table.columns.map((column) => `NULL::${duckdbType(column)} AS ${quoteName(column.name)}`)
  await database.run(
    `COPY (SELECT ${columns.join(', ')} LIMIT 0) TO ${quoteText(aside)} (FORMAT parquet, COMPRESSION zstd)`,
  )
  await rename(aside, file)
  await rm(aside, { force: true })
  return true
}

const compare = async (database: Database, layout: Layout, table: Table): Promise<void> => {
  const rows = await database.rows(
    `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(${quoteText(layout.schemaFile(table.name))}))`,
  )
  const found = new Map(rows.map(([name, type]) => [String(name), plain(String(type))]))
  const wanted = new Map(table.columns.map((column) => [column.name, plain(duckdbType(column))]))
  const missing = [...wanted.keys()].filter((name) => !found.has(name))
  const extra = [...found.keys()].filter((name) => !wanted.has(name))
  const other = [...wanted].flatMap(([name, type]) => {
    const have = found.get(name)
    return have === undefined || have === type ? [] : [`${name} is ${have}, not ${type}`]
  })
  const differences = [...list('missing: ', missing), ...list('unknown: ', extra), ...list('', other)]
  if (differences.length === 0) return
  const folder = `${process.cwd()}/${layout.nameOf(table.name)}`
  throw new AppError({
    what: `The table ${layout.nameOf(table.name)} in ${process.cwd()} has other columns than bbq writes.`,
    why: `${differences.join('; ')}.`,
    next: [
      `Move ${folder} out of the way; bbq makes it anew.`,
      'Or use another dataset: bigquery.dataset_name or warehouse.path in the config, or --state.',
    ],
    kind: 'refused',
  })
}

const plain = (type: string): string => type.replaceAll('"', '').replaceAll('TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ')

const list = (label: string, names: readonly string[]): readonly string[] =>
  names.length === 0 ? [] : [`${label}${names.join(', ')}`]
