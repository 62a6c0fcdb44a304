import { setTimeout as pause } from 'node:timers/promises'
import { epochLabel } from '../../core/bigquery/load-job.ts'
import { AppError } from '../../core/errors.ts'
import type { CallOptions } from '../warehouse.ts'
import type { Service } from './service.ts'
import { findTableInfo, patchTable } from './tables.ts'
import type { WireTable } from './wire.ts'

/** The table whose label holds the epoch. */
export const epochTable = 'raw_logs'

const mostRaces = 8
const removedMs = 500

/** The epoch of a table's metadata, if it has one. */
export const epochOf = (table: WireTable | undefined): string | undefined => table?.labels[epochLabel] || undefined

/** The epoch of the dataset; refused where there is none yet. */
export const readEpoch = async (service: Service, options: CallOptions): Promise<string> => {
  const epoch = epochOf(await findTableInfo(service, epochTable, options))
  if (epoch === undefined) throw noTables(service)
  return epoch
}

/** What is said to whoever asks before there are tables. */
export const noTables = ({ place }: Service): AppError =>
  new AppError({
    what: `The dataset ${place.project}.${place.dataset} has no tables of bbq yet.`,
    next: ['Run a stage first, or make them: bbq tables confirm'],
  })

/** The epoch that the table has, or `fresh` where it has none or `replace` is set; of two programs at once the first wins. */
export const settleEpoch = async (
  service: Service,
  fresh: string,
  options: CallOptions,
  replace = false,
): Promise<string> => {
  for (let races = 0; races < mostRaces; races += 1) {
    const found = await findTableInfo(service, epochTable, options)
    if (found === undefined && !replace) throw noTables(service)
    if (found === undefined) {
      // another program empties it: for a moment it is removed and not made again yet
      await pause(removedMs, undefined, { signal: options.signal }).catch(() => undefined)
      continue
    }
    const epoch = epochOf(found)
    if (epoch === fresh || (epoch !== undefined && !replace)) return epoch
    const body = { labels: { ...found.labels, [epochLabel]: fresh } }
    if ((await patchTable(service, epochTable, body, found.etag, options)) !== undefined) return fresh
  }
  throw new AppError({
    what: `The label ${epochLabel} of ${epochTable} changes faster than it can be set.`,
    why: 'Other programs work on the same dataset.',
    next: ['Try again when they have ended.'],
  })
}
