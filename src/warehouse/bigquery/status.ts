import { type TableName, tableNames } from '../../core/tables.ts'
import type { CallOptions, TableStatus } from '../warehouse.ts'
import { epochOf, epochTable } from './epoch.ts'
import { nameIn } from './place.ts'
import type { Service } from './service.ts'
import { openStrays } from './strays.ts'
import { findTableInfo } from './tables.ts'
import type { WireTable } from './wire.ts'

/** Rows, bytes and last change of every table from metadata, which cost nothing. */
export const openStatus = (service: Service, now: () => number) => {
  const countStrays = openStrays(service)
  const before = new Map<TableName, { readonly rows: number; readonly modified: number; readonly at: number }>()

  /** Some servers do not move the time of the last change when rows come; there it is when they were first seen. */
  const changedAt = (table: TableName, { numRows, lastModifiedTime }: WireTable): number => {
    const last = before.get(table)
    const stood = last !== undefined && last.rows !== numRows && last.modified === lastModifiedTime
    const at = stood ? now() : last?.rows === numRows && last.modified === lastModifiedTime ? last.at : lastModifiedTime
    before.set(table, { rows: numRows, modified: lastModifiedTime, at })
    return at
  }

  const one = async (
    table: TableName,
    info: WireTable | undefined,
    epoch: string | undefined,
    options: CallOptions,
  ): Promise<TableStatus> => {
    if (info === undefined || info.numRows === 0) return { table, rows: 0, bytes: 0, strays: 0 }
    const strays = epoch === undefined ? 0 : await countStrays(table, info, epoch, options)
    return {
      table,
      rows: Math.max(0, info.numRows - strays),
      bytes: info.numBytes,
      changedAt: changedAt(table, info),
      strays,
    }
  }

  return async (options: CallOptions): Promise<readonly TableStatus[]> => {
    const infos = await Promise.all(
      tableNames.map((table) => findTableInfo(service, nameIn(service.place, table), options)),
    )
    const epoch = epochOf(infos[tableNames.indexOf(epochTable)])
    return Promise.all(tableNames.map((table, i) => one(table, infos[i], epoch, options)))
  }
}
