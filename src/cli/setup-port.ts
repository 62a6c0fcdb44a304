import type { Config } from '../config/config.ts'
import type { WarehouseSetup } from '../warehouse/setup.ts'
import { bigqueryOptions } from './bigquery-options.ts'
import type { CliContext } from './context.ts'
import { newEpoch } from './open-ports.ts'

/** What the warehouse of the config needs outside of this machine; the config has been looked at already. */
export const openSetupOf = async (
  config: Config,
  { env, now }: Pick<CliContext, 'env' | 'now'>,
  parent?: string,
): Promise<WarehouseSetup> => {
  const { openSetup } = await import('../warehouse/open-setup.ts')
  const options = bigqueryOptions(config)
  if (config.warehouse.kind === 'duckdb' || options === undefined) return openSetup({ kind: 'duckdb' })
  return openSetup({
    ...options,
    kind: 'bigquery',
    uploaderPath: config.cluster.uploader_credentials,
    newEpoch,
    env,
    now,
    ...(parent === undefined ? {} : { parent }),
  })
}
