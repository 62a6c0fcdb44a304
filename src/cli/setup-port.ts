import type { Config } from '../config/config.ts'
import type { WarehouseSetup } from '../warehouse/setup.ts'
import type { CliContext } from './context.ts'
import { newEpoch } from './open-ports.ts'

/** What the warehouse of the config needs outside of this machine; the config has been looked at already. */
export const openSetupOf = async (
  config: Config,
  { env, now }: Pick<CliContext, 'env' | 'now'>,
  parent?: string,
): Promise<WarehouseSetup> => {
  const { project, bigquery, warehouse, credentials, cluster } = config
  const { openSetup } = await import('../warehouse/open-setup.ts')
  if (warehouse.kind === 'duckdb' || project.id === undefined) return openSetup({ kind: 'duckdb' })
  return openSetup({
    kind: 'bigquery',
    project: project.id,
    dataset: bigquery.dataset_name,
    location: bigquery.location,
    logResultsTable: bigquery.table_name,
    createIfMissing: project.create_if_missing,
    credentialsPath: credentials.path,
    uploaderPath: cluster.uploader_credentials,
    newEpoch,
    env,
    now,
    ...(parent === undefined ? {} : { parent }),
    ...(warehouse.api_endpoint === undefined ? {} : { apiEndpoint: warehouse.api_endpoint }),
    ...(warehouse.token_endpoint === undefined ? {} : { tokenEndpoint: warehouse.token_endpoint }),
  })
}
