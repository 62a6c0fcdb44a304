import { join } from 'node:path'
import type { Config } from './config.ts'

/** The same settings with simulated nodes and DuckDB on this machine, whatever else the config connects. */
export const localConfig = (config: Config, stateDir: string): Config => {
  const { cluster, warehouse } = config
  if (cluster.kind === 'sandbox' && warehouse.kind === 'duckdb') return config
  return {
    ...config,
    cluster: { ...cluster, kind: 'sandbox', nodes: [] },
    warehouse: { ...warehouse, kind: 'duckdb', path: join(stateDir, 'warehouse') },
  }
}
