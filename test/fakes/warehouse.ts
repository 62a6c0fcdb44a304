import type { AppError } from '../../src/core/errors.ts'
import { type TableName, tableNames } from '../../src/core/tables.ts'
import type { QueryResult, Row, Warehouse } from '../../src/warehouse/warehouse.ts'

export interface FakeWarehouse extends Warehouse {
  /** Rows arrive in a table. */
  readonly arrive: (table: TableName, rows: readonly Row[]) => void
  /** When set, status and tail fail with it. */
  fail: AppError | undefined
  /** Answers queries; by default one row with the SQL. */
  answer: (sql: string, signal: AbortSignal) => Promise<QueryResult>
  readonly queries: readonly string[]
  /** The limits that the queries were sent with, in bytes. */
  readonly limits: readonly (number | undefined)[]
  readonly isClosed: () => boolean
}

/** A warehouse in memory; it knows rows, but no SQL. */
export const fakeWarehouse = (
  options: { readonly now?: () => number; readonly kind?: Warehouse['about']['kind']; readonly price?: number } = {},
): FakeWarehouse => {
  const { now = Date.now, kind = 'duckdb', price } = options
  const tables = new Map<TableName, { rows: readonly Row[]; changedAt: number | undefined }>()
  const queries: string[] = []
  const limits: (number | undefined)[] = []
  let generation = 0
  let closed = false
  const clear = (): void => {
    for (const table of tableNames) tables.set(table, { rows: [], changedAt: undefined })
  }
  clear()

  const warehouse: FakeWarehouse = {
    about: { kind, label: 'DuckDB .bbq/warehouse/log_analytics' },
    fail: undefined,
    queries,
    limits,
    isClosed: () => closed,
    arrive: (table, rows) => {
      const before = tables.get(table)?.rows ?? []
      tables.set(table, { rows: [...rows, ...before], changedAt: now() })
    },
    answer: async (sql) => ({
      columns: [
        { name: 'sql', type: 'STRING' },
        { name: 'n', type: 'INT64' },
      ],
      rows: [
        [sql, 1],
        ['b', 3],
        ['a', 2],
      ],
      truncated: false,
      ms: 4,
    }),
    confirm: async () => {
      const created = generation === 0 ? [...tableNames] : []
      generation ||= 1
      return { epoch: `epoch${generation}`, created }
    },
    status: async () => {
      if (warehouse.fail !== undefined) throw warehouse.fail
      return tableNames.map((table) => {
        const { rows = [], changedAt } = tables.get(table) ?? {}
        const bytes = rows.length * 50
        return { table, rows: rows.length, bytes, strays: 0, ...(changedAt === undefined ? {} : { changedAt }) }
      })
    },
    tail: async (table, { limit }) => {
      if (warehouse.fail !== undefined) throw warehouse.fail
      return (tables.get(table)?.rows ?? []).slice(0, limit)
    },
    estimate: async () => (price === undefined ? {} : { bytes: price }),
    query: async (sql, { signal, limit, maxBytes }) => {
      queries.push(sql)
      limits.push(maxBytes)
      const result = await warehouse.answer(sql, signal)
      return { ...result, rows: result.rows.slice(0, limit), truncated: result.rows.length > limit }
    },
    reset: async () => {
      clear()
      generation += 1
      return { epoch: `epoch${generation}` }
    },
    sink: () => ({ kind: 'folder', path: '/state/warehouse/log_analytics' }),
    close: async () => {
      closed = true
    },
  }
  return warehouse
}
