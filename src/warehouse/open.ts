import type { Holder } from '../hold-file.ts'
import type { Programs } from '../programs.ts'
import type { BigqueryOptions } from './bigquery/open.ts'
import { openDuckdbWarehouse } from './duckdb/open.ts'
import type { Warehouse } from './warehouse.ts'

export interface DuckdbOptions {
  readonly kind: 'duckdb'
  /** Folder of the warehouse; made when it is missing. */
  readonly path: string
  readonly dataset: string
  /** The name of log_results in the dataset, where the config renames it. */
  readonly logResultsTable?: string
  readonly programs: Pick<Programs, 'warehouse'>
  /** Node that runs the warehouse's own process. */
  readonly nodePath: string
  /** That process's environment; this one's where it is not given. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Who means to write: from `confirm` to `close` nobody else may. */
  readonly writer?: Holder
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** A fresh random epoch: 4 to 32 lower-case letters and digits. */
  readonly newEpoch: () => string
}

export type OpenWarehouseOptions = DuckdbOptions | BigqueryOptions

/** Opens a warehouse by its kind; nothing is made or started before the first call. */
export const openWarehouse = async (options: OpenWarehouseOptions): Promise<Warehouse> => {
  switch (options.kind) {
    case 'duckdb':
      return openDuckdbWarehouse(options)
    case 'bigquery':
      // Google's client takes a while to load, so only who needs it waits for it
      return (await import('./bigquery/open.ts')).openBigqueryWarehouse(options)
  }
}
