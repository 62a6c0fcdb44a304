import { BIGINT, type DuckDBAppender, type DuckDBConnection, DuckDBDataChunk, VARCHAR } from '@duckdb/node-api'
import type { AlertRow, CountRow, MessageRow } from '../pass/output.ts'

type Kind = 'BIGINT' | 'VARCHAR'
type Cell = string | bigint | null

const types = { BIGINT, VARCHAR } as const

interface TempTable<Row> {
  readonly columns: Readonly<Record<string, Kind>>
  readonly cells: (row: Row, position: number) => readonly Cell[]
}

const largest = 2n ** 63n - 1n

const table = <Row>(
  columns: Readonly<Record<string, Kind>>,
  cells: (row: Row, position: number) => readonly Cell[],
): TempTable<Row> => ({ columns, cells })

/** Rows that come from the pass as objects: everything that is few. */
const tempTables = {
  pass_counts: table<CountRow>(
    { window_us: 'BIGINT', status: 'BIGINT', endpoint: 'VARCHAR', n: 'BIGINT', bytes: 'BIGINT' },
    (row) => [
      row.window_us,
      BigInt(row.status),
      row.endpoint,
      BigInt(row.n),
      row.bytes > largest ? largest : row.bytes,
    ],
  ),
  pass_messages: table<MessageRow>({ window_us: 'BIGINT', position: 'BIGINT', message: 'VARCHAR' }, (row, position) => [
    row.window_us,
    BigInt(position),
    row.message,
  ]),
  pass_alerts: table<AlertRow>(
    {
      off: 'BIGINT',
      ts_us: 'BIGINT',
      kind: 'VARCHAR',
      reason: 'VARCHAR',
      event_id: 'VARCHAR',
      message: 'VARCHAR',
      ip: 'VARCHAR',
    },
    (row) => [BigInt(row.off), row.ts_us, row.kind, row.reason, row.event_id, row.message, row.ip],
  ),
} as const

type TempTableName = keyof typeof tempTables
type RowOf<Name extends TempTableName> = Parameters<(typeof tempTables)[Name]['cells']>[0]
export type TempRows = { readonly [Name in TempTableName]?: readonly RowOf<Name>[] }

const names = Object.keys(tempTables) as readonly TempTableName[]

/** Empties the tables by making them anew: emptied ones keep their memory. */
export const freshTempTables = names
  .map((name) => {
    const columns = Object.entries(tempTables[name].columns).map(([column, kind]) => `${column} ${kind}`)
    return `CREATE OR REPLACE TEMP TABLE ${name} (${columns.join(', ')})`
  })
  .join(';')

export type Appenders = Readonly<Record<TempTableName, DuckDBAppender>>

/** Appenders know one making of a table, so they are opened after each. */
export const openAppenders = async (connection: DuckDBConnection): Promise<Appenders> => {
  const opened = await Promise.all(names.map(async (name) => [name, await connection.createAppender(name)] as const))
  return Object.fromEntries(opened) as Appenders
}

/** Puts rows into their tables without leaving this tick. */
export const appendRows = (appenders: Appenders, rows: TempRows): void => {
  for (const name of names) {
    const { columns, cells } = tempTables[name] as TempTable<unknown>
    appendTo(appenders[name], Object.values(columns), rows[name] ?? [], cells)
  }
}

/** DuckDB's vector size: a data chunk holds no more. */
const vectorRows = 2048

const appendTo = (
  appender: DuckDBAppender,
  kinds: readonly Kind[],
  rows: readonly unknown[],
  cells: TempTable<unknown>['cells'],
): void => {
  if (rows.length === 0) return
  const columnTypes = kinds.map((kind) => types[kind])
  for (let from = 0; from < rows.length; from += vectorRows) {
    // cells of one vector at a time: those of a whole chunk would be most of the program's memory
    const part = rows.slice(from, from + vectorRows).map((row, i) => cells(row, from + i))
    const chunk = DuckDBDataChunk.create(columnTypes, part.length)
    for (let column = 0; column < columnTypes.length; column++) {
      chunk.setColumnValues(
        column,
        part.map((row) => row[column] ?? null),
      )
    }
    appender.appendDataChunk(chunk)
  }
  appender.flushSync()
}
