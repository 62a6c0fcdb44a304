import { tables } from '../../../core/tables.ts'
import type { Repair, SetupStep } from '../../setup.ts'
import type { CallOptions } from '../../warehouse.ts'
import { compareTable } from '../compare.ts'
import { confirmTables, incompatible } from '../confirm.ts'
import { findDataset, liesElsewhere } from '../dataset.ts'
import { notThere } from '../missing.ts'
import { nameIn } from '../place.ts'
import type { Service } from '../service.ts'
import { findTableInfo } from '../tables.ts'
import type { SetupParts } from './parts.ts'

const repairOf = (
  { operator: { service }, newEpoch, createIfMissing }: SetupParts,
  missing: readonly string[],
): Repair => {
  const { project, dataset, location } = service.place
  return {
    title: `make dataset and tables in ${project}`,
    flag: '--project-create-if-missing true',
    command: `bbq tables confirm${createIfMissing ? '' : ' --project-create-if-missing true'}`,
    changes: missing.map((one) => `+ ${one} in ${location}`),
    lines: [],
    run: async (options) => {
      const { created } = await confirmTables(service, tables, { newEpoch: newEpoch(), create: true }, options)
      return `made ${created.length === 0 ? 'nothing, it was there' : created.join(', ')} in ${project}.${dataset}`
    },
  }
}

/** Names of the tables that are not there; a table that cannot be loaded into is an AppError. */
const missingTables = async (service: Service, options: CallOptions): Promise<readonly string[]> => {
  const looks = await Promise.all(
    tables.map(async (table) => {
      const name = nameIn(service.place, table.name)
      const found = await findTableInfo(service, name, options)
      if (found === undefined) return [name]
      const { differences } = compareTable(table, found)
      if (differences.length > 0) throw incompatible(service, name, table, differences)
      return []
    }),
  )
  return looks.flat()
}

/** Whether dataset and tables are there, where and as they must be. */
export const datasetStep = (parts: SetupParts): SetupStep => ({
  id: 'dataset',
  title: 'Dataset and tables',
  after: 'apis',
  opens: true,
  look: async (options) => {
    const { service } = parts.operator
    const { project, dataset } = service.place
    const full = `${project}.${dataset}`
    const location = await findDataset(service, options)
    const elsewhere = liesElsewhere(service, location)
    if (elsewhere !== undefined) throw elsewhere
    const missing =
      location === undefined
        ? [`dataset ${full}`, ...tables.map(({ name }) => `table ${nameIn(service.place, name)}`)]
        : (await missingTables(service, options)).map((name) => `table ${name}`)
    if (missing.length === 0) return { detail: `${full} in ${location}, ${tables.length} of ${tables.length} tables` }
    const repair = repairOf(parts, missing)
    if (!parts.createIfMissing) return { problem: notThere(`The ${missing[0]}`), repair }
    return { detail: `${location === undefined ? full : missing.join(', ')} is made at the first start`, repair }
  },
})
