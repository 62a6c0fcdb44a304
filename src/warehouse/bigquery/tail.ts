import type { PlainValue } from '../../core/plain-value.ts'
import { findTable, type TableName } from '../../core/tables.ts'
import { type CallOptions, type Row, tailCharacters, tailItems } from '../warehouse.ts'
import { epochOf, epochTable, noTables } from './epoch.ts'
import { nameIn } from './place.ts'
import { listRows } from './rows.ts'
import type { Service } from './service.ts'
import { findTableInfo } from './tables.ts'

/** Rows read beyond those asked for, because their order in the table is not promised. */
const slack = 50

/** Gives the newest rows of a table by listing its end, which costs nothing; lists nothing when none came since. */
export const openTail = (service: Service) => {
  const before = new Map<TableName, { readonly key: string; readonly rows: readonly Row[] }>()

  return async (table: TableName, limit: number, options: CallOptions): Promise<readonly Row[]> => {
    const name = nameIn(service.place, table)
    const info = await findTableInfo(service, name, options)
    const epoch = epochOf(table === epochTable ? info : await findTableInfo(service, epochTable, options))
    if (info === undefined || epoch === undefined) throw noTables(service)
    if (info.numRows === 0 || limit === 0) return []
    const key = [epoch, info.creationTime, info.numRows, info.lastModifiedTime, limit].join(' ')
    const last = before.get(table)
    if (last?.key === key) return last.rows
    const { arrival, eventTime, columns } = findTable(table)
    const heavy = columns.some(({ mode, type }) => mode === 'REPEATED' && type === 'RECORD')
    const count = Math.min(info.numRows, limit + (heavy ? 0 : slack))
    const found = await listRows(service, name, info, { start: info.numRows - count, count }, options)
    const rows = found
      .filter((row) => String(row['chunk_id'] ?? '').startsWith(epoch))
      .toSorted((a, b) => newerFirst(a[arrival], b[arrival]) || newerFirst(a[eventTime], b[eventTime]))
      .slice(0, limit)
      .map((row) => Object.fromEntries(columns.map(({ name }) => [name, shortened(row[name] ?? null)])))
    before.set(table, { key, rows })
    return rows
  }
}

/** Times are ISO texts of one length, which sort as they are. */
const newerFirst = (a: PlainValue | undefined, b: PlainValue | undefined): number => {
  const [left, right] = [String(a ?? ''), String(b ?? '')]
  return left < right ? 1 : left > right ? -1 : 0
}

const shortened = (value: PlainValue): PlainValue => {
  if (typeof value === 'string') return value.slice(0, tailCharacters)
  return isList(value) ? value.slice(0, tailItems) : value
}

const isList = (value: PlainValue): value is readonly PlainValue[] => Array.isArray(value)
