import { findTable, type TableName } from '../core/tables.ts'
import type { Row, Value } from '../warehouse/warehouse.ts'
import type { WindowPartial } from './state.ts'

const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '')
const count = (value: Value | undefined): number => {
  const number = Number(value ?? 0)
  return Number.isFinite(number) ? number : 0
}
const isRecord = (value: Value): value is { readonly [field: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What tells one row of a table from every other. */
export const rowId = (table: TableName, row: Row): string =>
  table === 'log_aggregates'
    ? `${text(row['chunk_id'])} ${text(row['time_window'])}`
    : `${text(row['chunk_id'])} ${text(row['remote_log_id'])} ${text(row['event_id'])}`

/** Known and new rows, newest arrival first, each once, at most `limit`. */
export const mergeTail = (
  table: TableName,
  known: readonly Row[],
  received: readonly Row[],
  limit: number,
): readonly Row[] => {
  const { arrival, eventTime } = findTable(table)
  const byId = new Map([...known, ...received].map((row) => [rowId(table, row), row]))
  const key = (row: Row): string => `${text(row[arrival])} ${text(row[eventTime])}`
  return [...byId.entries()]
    .map(([id, row]) => ({ id, row, key: key(row) }))
    .sort((a, b) => compare(b.key, a.key) || compare(b.id, a.id))
    .slice(0, limit)
    .map(({ row }) => row)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** A row of log_aggregates as far as the live pane needs it. */
export const toPartial = (row: Row): WindowPartial => {
  const endpoints: Record<string, number> = {}
  const listed = row['endpoints']
  if (Array.isArray(listed))
    for (const item of listed as readonly Value[])
      if (isRecord(item)) endpoints[text(item['endpoint'])] = count(item['count'])
  return {
    id: rowId('log_aggregates', row),
    start: text(row['time_window']),
    node: text(row['nodeName']),
    total: count(row['total_count']),
    ok: count(row['ok_count']),
    redirect: count(row['redirect_count']),
    clientError: count(row['client_error_count']),
    serverError: count(row['server_error_count']),
    bytes: count(row['total_bytes']),
    endpoints,
  }
}

/** Known and new partials, each once, those of the newest windows, at most `limit`; the oldest window that does not fit is left out whole, not counted in part. */
export const mergePartials = (
  known: readonly WindowPartial[],
  received: readonly WindowPartial[],
  limit: number,
): readonly WindowPartial[] => {
  const fresh = new Set(known.map(({ id }) => id))
  const added = received.filter(({ id }) => !fresh.has(id))
  if (added.length === 0) return known
  const all = [...new Map([...known, ...added].map((partial) => [partial.id, partial])).values()]
  if (all.length <= limit) return all
  all.sort((a, b) => compare(b.start, a.start) || compare(a.id, b.id))
  const cut = all[limit]?.start
  const whole = all.slice(0, limit).filter(({ start }) => start !== cut)
  return whole.length > 0 ? whole : all.slice(0, limit)
}
