import { duckdbType, quoteName, quoteText } from '../../src/core/duckdb-types.ts'
import type { Stage } from '../../src/core/stage.ts'
import { findTable, type TableName } from '../../src/core/tables.ts'

interface EdgeRelation {
  /** As a person names it. */
  readonly name: 'logs' | 'lines'
  /** Whose columns it has. */
  readonly table: TableName
  readonly columns: readonly string[]
}

const relations: readonly EdgeRelation[] = [
  {
    name: 'logs',
    table: 'log_results',
    columns: [
      ...['remote_log_id', 'timestamp', 'message', 'alert_level', 'ip', 'user_id', 'method', 'path', 'protocol'],
      ...['status', 'bytes', 'referer', 'user_agent', 'status_category', 'host', 'duration_ms'],
      ...['forwarded_for', 'provider', 'region'],
    ],
  },
  { name: 'lines', table: 'raw_logs', columns: ['remote_log_id', 'raw_line'] },
]

const outputs: Readonly<Record<EdgeRelation['name'], Stage['outputs'][number]>> = {
  logs: { table: 'log_results', relation: 'events', version: 'edge' },
  lines: { table: 'raw_logs', relation: 'lines', version: 'edge' },
}

/** The relations that a query can mean: those whose name stands anywhere in it. */
export const namedIn = (sql: string): readonly EdgeRelation[] =>
  relations.filter(({ name }) => new RegExp(`\\b${name}\\b`, 'i').test(sql))

/** The byte pass behind them, as a stage that is never seen: the same rows by the same rules as in the warehouse. */
export const stageOf = (wanted: readonly EdgeRelation[]): Stage => ({
  id: 'edge',
  title: '',
  summary: '',
  why: '',
  outputs: wanted.map(({ name }) => outputs[name]),
  queries: [],
  notes: [],
  beforeAfter: () => ({ before: [], after: [] }),
})

const typeIn = (table: TableName, name: string): string => {
  const column = findTable(table).columns.find((one) => one.name === name)
  if (column === undefined) throw new Error(`${table} has no column ${name}`)
  return duckdbType(column)
}

/** The statement that gives a relation its name; `files` are Parquet and hold its rows, none where there are none. */
export const viewOf = ({ name, table, columns }: EdgeRelation, files: readonly string[] = []): string =>
  files.length === 0
    ? `CREATE VIEW ${name} AS SELECT ${columns
        .map((column) => `NULL::${typeIn(table, column)} AS ${quoteName(column)}`)
        .join(', ')} WHERE false`
    : `CREATE VIEW ${name} AS SELECT ${columns.map(quoteName).join(', ')}
       FROM read_parquet([${files.map(quoteText).join(', ')}])`
