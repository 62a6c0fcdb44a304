import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { duckdbType } from '../../core/duckdb-types.ts'
import { AppError } from '../../core/errors.ts'
import type { Table } from '../../core/tables.ts'
import { emptyParquet } from './empty-parquet.ts'
import type { Layout } from './layout.ts'

/** Names and types of the columns of a file as DuckDB tells them; asked only of a file that is not the one this program makes. */
type ColumnsOf = (file: string) => Promise<ReadonlyMap<string, string>>

/** Makes a table's folder and its zero-row schema file; true when it was made. A file with other columns is refused. */
export const confirmSchema = async (layout: Layout, table: Table, columnsOf: ColumnsOf): Promise<boolean> => {
  const file = layout.schemaFile(table.name)
  const wanted = await emptyParquet(table)
  const there = await readFile(file).catch((thrown: unknown) => {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
    throw thrown
  })
  if (there?.equals(wanted) === true) return false
  // one that DuckDB wrote says the same in other bytes, and gives way to ours
  if (there !== undefined) compare(layout, table, await columnsOf(file))
  await mkdir(layout.nameOf(table.name), { recursive: true })
  const aside = `${layout.nameOf(table.name)}/.schema-${process.pid}.parquet`
  try {
    await writeFile(aside, wanted)
    await rename(aside, file)
  } finally {
    await rm(aside, { force: true })
  }
  return there === undefined
}

const compare = (layout: Layout, table: Table, told: ReadonlyMap<string, string>): void => {
  const found = new Map([...told].map(([name, type]) => [name, plain(type)]))
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
