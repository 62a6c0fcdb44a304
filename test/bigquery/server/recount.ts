import { quoteName } from '../../../src/core/duckdb-types.ts'
import { bytesSql } from './fields.ts'
import { type StoredTable, touch, type World } from './world.ts'

/** Figures of a table whose rows were changed by other means than a load. */
export const recount = async (world: World, table: StoredTable): Promise<void> => {
  const name = `${quoteName(table.datasetId)}.${quoteName(table.id)}`
  const { rows } = await world.database.run(
    `SELECT ${['count(*)', ...table.fields.map(bytesSql)].join(', ')} FROM ${name}`,
  )
  const [count = 0, ...bytes] = (rows[0] ?? []).map(Number)
  table.rows = count
  table.bytes = Object.fromEntries(table.fields.map((field, index) => [field.name, bytes[index] ?? 0]))
  touch(table, world)
}
