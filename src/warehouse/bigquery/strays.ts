import type { TableName } from '../../core/tables.ts'
import type { CallOptions } from '../warehouse.ts'
import { nameIn } from './place.ts'
import { listRows } from './rows.ts'
import type { Service } from './service.ts'
import type { WireTable } from './wire.ts'

/** Rows of each end of a table whose chunk is looked at when the table has grown. */
const rowsLookedAt = 1_000

interface Seen {
  readonly generation: string
  readonly rows: number
  /** Rows by chunk of another epoch, the most that were seen together. */
  readonly strays: ReadonlyMap<string, number>
}

/**
 * Counts rows of another epoch without a query. Metadata know only the sum, so the chunk ids of the first rows and of those that came
 * since the last look are listed: late loads of an old epoch come soon after a reset, and whole. Where more rows come at once the count is what was seen of them.
 */
export const openStrays = (service: Service) => {
  const seen = new Map<TableName, Seen>()

  return async (table: TableName, info: WireTable, epoch: string, options: CallOptions): Promise<number> => {
    const generation = `${epoch} ${info.creationTime}`
    const last = seen.get(table)
    const before = last?.generation === generation && last.rows <= info.numRows ? last : undefined
    if (before?.rows === info.numRows) return sum(before.strays)
    const start = before?.rows ?? 0
    const ranges =
      info.numRows - start <= 2 * rowsLookedAt
        ? [{ start, count: info.numRows - start }]
        : [
            { start, count: rowsLookedAt },
            { start: info.numRows - rowsLookedAt, count: rowsLookedAt },
          ]
    const strays = new Map(before?.strays)
    for (const range of ranges.filter(({ count }) => count > 0)) {
      const found = await listRows(
        service,
        nameIn(service.place, table),
        info,
        { ...range, columns: ['chunk_id'] },
        options,
      )
      const here = Map.groupBy(found, (row) => String(row['chunk_id'] ?? ''))
      for (const [chunk, rows] of here)
        if (!chunk.startsWith(epoch)) strays.set(chunk, Math.max(strays.get(chunk) ?? 0, rows.length))
    }
    seen.set(table, { generation, rows: info.numRows, strays })
    return sum(strays)
  }
}

const sum = (strays: ReadonlyMap<string, number>): number => [...strays.values()].reduce((all, one) => all + one, 0)
