import { quoteName } from '../../../src/core/duckdb-types.ts'
import { analyse } from './analyse.ts'
import { type Field, fieldsOf } from './fields.ts'
import { invalid } from './problem.ts'
import { queryProblem } from './sql/errors.ts'
import { tokensOf } from './sql/tokens.ts'
import type { StoredTable, World } from './world.ts'

/** Makes a view in the store; its SQL must be good now. */
export const defineView = async (world: World, table: StoredTable): Promise<void> => {
  const view = table.view ?? ''
  const { type, statements } = analyse(world, view)
  if (type !== 'SELECT') throw invalid('A view is one SELECT.')
  await world.database
    .run(`CREATE OR REPLACE VIEW ${quoteName(table.datasetId)}.${quoteName(table.id)} AS ${statements[0]?.sql ?? ''}`)
    .catch((error: unknown) => {
      throw queryProblem(error, view, tokensOf(view))
    })
}

/** DuckDB's views hold the columns that were there when they were made. */
export const redefineViews = async (world: World): Promise<void> => {
  for (const dataset of world.datasets.values())
    for (const table of dataset.tables.values())
      if (table.view !== undefined) await defineView(world, table).catch(() => undefined)
}

/** Columns of a view; none while what it reads is not there. */
export const viewFields = async (world: World, table: StoredTable): Promise<readonly Field[]> => {
  const found = await world.database
    .run(`SELECT * FROM ${quoteName(table.datasetId)}.${quoteName(table.id)} LIMIT 0`)
    .catch(() => undefined)
  return found === undefined ? [] : fieldsOf(found.names, found.types)
}
