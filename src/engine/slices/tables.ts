import { type TableName, tableNames } from '../../core/tables.ts'
import type { Event } from '../events.ts'
import { withSample } from '../history.ts'
import { emptyTables } from '../initial-state.ts'
import { mergePartials, mergeTail, toPartial } from '../rows.ts'
import type { TablesState, TableView } from '../state.ts'

/** Recent rows that are kept of each table; of emergencies as many as a demo has. */
export const tailLimit = { raw_logs: 100, log_results: 200, log_aggregates: 100, emergency_logs: 10_000 } as const
/** Partials of log_aggregates that are kept, those of the newest windows. */
export const partialLimit = 6_000

/** The tables as last polled, and their recent rows. */
export const reduceTables = (tables: TablesState, event: Event): TablesState => {
  switch (event.type) {
    case 'opening/succeeded':
      return { byName: emptyTables(), partials: [] }
    case 'launch/requested':
      return event.stageId === tables.writer
        ? tables
        : { ...tables, byName: withoutRates(tables), writer: event.stageId }
    case 'tables/received': {
      const { failure: _, ...rest } = tables
      return { ...rest, byName: polled(tables, event), receivedAt: event.now }
    }
    case 'tables/failed':
      return { ...tables, failure: event.failure }
    case 'tail/received': {
      const { tailFailure: _, ...rest } = tables
      return { ...rest, ...tailed(tables, event.table, event.rows) }
    }
    case 'tail/failed':
      return { ...tables, tailFailure: event.failure }
    default:
      return tables
  }
}

type Received = Extract<Event, { type: 'tables/received' }>

const polled = (tables: TablesState, { status, now, missed }: Received): TablesState['byName'] => {
  const byName = { ...tables.byName }
  for (const one of status) {
    const { changedAt: _, ...before } = byName[one.table]
    byName[one.table] = {
      ...before,
      rows: one.rows,
      bytes: one.bytes,
      strays: one.strays,
      ...(one.changedAt === undefined ? {} : { changedAt: one.changedAt }),
      rate:
        tables.receivedAt === undefined
          ? []
          : withSample(before.rate, { grown: one.rows - before.rows, ms: now - tables.receivedAt, missed }),
    }
  }
  return byName
}

/** A stage that begins to write begins its curves anew. */
const withoutRates = ({ byName }: TablesState): TablesState['byName'] => {
  const fresh = { ...byName }
  for (const table of tableNames) fresh[table] = { ...fresh[table], rate: [] }
  return fresh
}

const tailed = (
  tables: TablesState,
  table: TableName,
  rows: TableView['tail'],
): Pick<TablesState, 'byName' | 'partials'> => {
  const view = tables.byName[table]
  const tail = mergeTail(table, view.tail, rows, tailLimit[table])
  return {
    byName: { ...tables.byName, [table]: { ...view, tail } },
    partials:
      table === 'log_aggregates' ? mergePartials(tables.partials, rows.map(toPartial), partialLimit) : tables.partials,
  }
}
