import type { Config } from '../config/config.ts'
import { unsupported } from '../config/supported.ts'
import { AppError } from '../core/errors.ts'
import type { Desk, Role } from '../warehouse/bigquery/rights/desk.ts'
import type { CliContext } from './context.ts'

/** The desk of an account of the config; a config without BigQuery is an AppError of kind usage. */
export const openDeskOf = async (config: Config, role: Role, { env, now }: CliContext): Promise<Desk> => {
  const { project, bigquery, warehouse, credentials, cluster } = config
  if (warehouse.kind !== 'bigquery')
    throw new AppError({
      what: 'There are no rights to look at: the warehouse is a folder on this machine.',
      why: `${config.origins['warehouse.kind'] ?? 'The config'} makes DuckDB the warehouse, or project.id is not set.`,
      next: ['For BigQuery set project.id, or add --project-id PROJECT'],
      kind: 'usage',
    })
  const refusal = unsupported({ ...config, cluster: { ...cluster, kind: 'sandbox' } })
  if (refusal !== undefined) throw refusal
  const { openDesk } = await import('../warehouse/bigquery/rights/desk.ts')
  return openDesk({
    role,
    project: project.id ?? '',
    dataset: bigquery.dataset_name,
    location: bigquery.location,
    logResultsTable: bigquery.table_name,
    credentialsPath: role === 'operator' ? credentials.path : cluster.uploader_credentials,
    env,
    now,
    ...(warehouse.api_endpoint === undefined ? {} : { apiEndpoint: warehouse.api_endpoint }),
    ...(warehouse.token_endpoint === undefined ? {} : { tokenEndpoint: warehouse.token_endpoint }),
  })
}
