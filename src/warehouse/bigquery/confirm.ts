import { epochLabel } from '../../core/bigquery/load-job.ts'
import { restSchema } from '../../core/bigquery/schema.ts'
import { AppError } from '../../core/errors.ts'
import { findTable, mergedName, type Table } from '../../core/tables.ts'
import type { CallOptions, Confirmed } from '../warehouse.ts'
import { compareTable } from './compare.ts'
import { confirmDataset } from './dataset.ts'
import { epochTable, settleEpoch } from './epoch.ts'
import { mergedView } from './merged-view.ts'
import { notThere } from './missing.ts'
import { nameIn } from './place.ts'
import type { Service } from './service.ts'
import { findTableInfo, insertTable, patchTable } from './tables.ts'

export interface ConfirmOptions {
  readonly newEpoch: string
  /** Make what is missing instead of refusing. */
  readonly create: boolean
}

const mostRaces = 8

/** Makes dataset, tables, epoch and view where they are missing, adds missing columns, and refuses tables that differ otherwise; drops nothing. */
export const confirmTables = async (
  service: Service,
  tables: readonly Table[],
  { newEpoch, create }: ConfirmOptions,
  options: CallOptions,
): Promise<Confirmed> => {
  await confirmDataset(service, create, options)
  const all = tables.some(({ name }) => name === epochTable) ? tables : [findTable(epochTable), ...tables]
  const made = await Promise.all(all.map((table) => confirmTable(service, table, { newEpoch, create }, options)))
  const epoch = await settleEpoch(service, newEpoch, options)
  if (all.some(({ name }) => name === 'log_aggregates')) await confirmView(service, epoch, options)
  const created = made.flatMap(({ table, columns }) => (columns === undefined ? [table] : []))
  const added = made.flatMap(({ table, columns = [] }) => (columns.length === 0 ? [] : [{ table, columns }]))
  return { epoch, created, ...(added.length === 0 ? {} : { added }) }
}

/** What a table is made with. */
export const tableBody = (table: Table, epoch: string) => ({
  description: table.title,
  schema: restSchema(table),
  timePartitioning: { type: 'DAY', field: table.arrival },
  clustering: { fields: [table.eventTime] },
  ...(table.name === epochTable ? { labels: { app: 'bbq', [epochLabel]: epoch } } : { labels: { app: 'bbq' } }),
})

interface ConfirmedTable {
  readonly table: string
  /** Those that were added; absent where the table was made. */
  readonly columns?: readonly string[]
}

const confirmTable = async (
  service: Service,
  table: Table,
  { newEpoch, create }: ConfirmOptions,
  options: CallOptions,
): Promise<ConfirmedTable> => {
  const name = nameIn(service.place, table.name)
  for (let races = 0; races < mostRaces; races += 1) {
    const found = await findTableInfo(service, name, options)
    if (found === undefined) {
      if (!create) throw notThere(`The table ${service.place.project}.${service.place.dataset}.${name}`)
      if (await insertTable(service, name, tableBody(table, newEpoch), options)) return { table: name }
      continue
    }
    const { differences, lacking } = compareTable(table, found)
    if (differences.length > 0) throw incompatible(service, name, table, differences)
    if (lacking === undefined) return { table: name, columns: [] }
    const { columns, schema } = lacking
    if ((await patchTable(service, name, { schema }, found.etag, options)) !== undefined)
      return { table: name, columns }
  }
  throw new AppError({
    what: `The table ${name} changes faster than it can be made right.`,
    why: 'Other programs work on the same dataset.',
    next: ['Try again when they have ended.'],
  })
}

/** Makes the view of the epoch, or brings it to it. */
const confirmView = async (service: Service, epoch: string, options: CallOptions): Promise<void> => {
  const wanted = mergedView(service.place, epoch)
  const found = await findTableInfo(service, mergedName, options)
  if (found === undefined) {
    if (await insertTable(service, mergedName, wanted, options)) return
    return confirmView(service, epoch, options)
  }
  if (found.view === undefined)
    throw new AppError({
      what: `${service.place.project}.${service.place.dataset}.${mergedName} is a table, and bbq needs a view of that name.`,
      next: ['Rename or remove it, or set bigquery.dataset_name to another dataset.'],
    })
  // whoever else changes it at the same time writes the same text
  if (found.view.query !== wanted.view.query) await patchTable(service, mergedName, wanted, undefined, options)
}

/** The error of a table that bbq cannot load into. */
export const incompatible = (
  { place }: Service,
  name: string,
  table: Table,
  differences: readonly string[],
): AppError => {
  const full = `${place.project}.${place.dataset}.${name}`
  return new AppError({
    what: `The table ${full} is not what bbq loads into: ${differences.slice(0, 3).join('; ')}${differences.length > 3 ? `; and ${differences.length - 3} more` : ''}.`,
    why: 'These cannot be changed in place, and bbq drops no table of yours.',
    next: [
      'Use another dataset: set bigquery.dataset_name.',
      ...(table.name === 'log_results' ? ['Or another table: set bigquery.table_name.'] : []),
      `Or remove it, with all its rows: bq rm -t ${place.project}:${place.dataset}.${name}`,
    ],
    kind: 'refused',
  })
}
