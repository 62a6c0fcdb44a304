import type { Config } from '../../config/config.ts'
import type { TableStatus } from '../../warehouse/warehouse.ts'
import type { Context } from '../context.ts'
import type { CountedRows } from '../holding-text.ts'

const openMs = 30_000

/** Rows of a generation that nobody counts any more are rows all the same. */
const rowsOf = ({ rows, strays }: TableStatus): number => rows + strays

/** Rows in the tables of a warehouse that is not open; undefined where they cannot be counted. */
export const countRows = async ({ ports, calls }: Context, config: Config): Promise<CountedRows | undefined> => {
  try {
    const warehouse = await calls.call('Opening the warehouse', openMs, ({ signal }) =>
      ports.openWarehouse({ config, signal }),
    )
    try {
      const status = await calls.call('The warehouse', openMs, (call) => warehouse.status(call))
      const filled = status.filter((table) => rowsOf(table) > 0)
      return { rows: filled.reduce((sum, table) => sum + rowsOf(table), 0), tables: filled.length }
    } finally {
      await warehouse.close()
    }
  } catch {
    return undefined
  }
}
