import type { Config } from '../config/config.ts'
import { unsupported } from '../config/supported.ts'
import { AppError } from '../core/errors.ts'
import type { Desk, Role } from '../warehouse/bigquery/rights/desk.ts'
import { bigqueryOptions } from './bigquery-options.ts'
import type { CliContext } from './context.ts'

/** The desk of an account of the config; a config without BigQuery is an AppError of kind usage. */
export const openDeskOf = async (config: Config, role: Role, { env, now }: CliContext): Promise<Desk> => {
  const options = bigqueryOptions(config)
  if (config.warehouse.kind !== 'bigquery' || options === undefined)
    throw new AppError({
      what: 'There are no rights to look at: the warehouse is a folder on this machine.',
      why: `${config.origins['warehouse.kind'] ?? 'The config'} makes DuckDB the warehouse, or project.id is not set.`,
      next: ['For BigQuery set project.id, or add --project-id PROJECT'],
      kind: 'usage',
    })
  const refusal = unsupported({ ...config, cluster: { ...config.cluster, kind: 'sandbox' } })
  if (refusal !== undefined) throw refusal
  const { openDesk } = await import('../warehouse/bigquery/rights/desk.ts')
  const path = role === 'operator' ? options.credentialsPath : config.cluster.uploader_credentials
  return openDesk({ ...options, role, credentialsPath: path, env, now })
}
