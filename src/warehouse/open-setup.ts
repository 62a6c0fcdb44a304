import type { BigquerySetupOptions } from './bigquery/setup/open.ts'
import type { WarehouseSetup } from './setup.ts'

export type OpenSetupOptions = { readonly kind: 'duckdb' } | ({ readonly kind: 'bigquery' } & BigquerySetupOptions)

/** What a warehouse of that kind needs outside of this machine; nothing is asked before the first look. */
export const openSetup = async (options: OpenSetupOptions): Promise<WarehouseSetup> => {
  switch (options.kind) {
    case 'duckdb':
      return { steps: [], close: () => undefined }
    case 'bigquery':
      return (await import('./bigquery/setup/open.ts')).openBigquerySetup(options)
  }
}
