import { isGoogle } from '../core/bigquery/endpoint.ts'
import { AppError } from '../core/errors.ts'
import type { Config } from './config.ts'

/** How somebody who has no cluster gets one, or does without. */
export const waysToACluster = [
  'A cluster of your own: https://docs.bacalhau.org. A hosted one: Expanso Cloud, https://cloud.expanso.io.',
  'Three nodes on this machine, as root on Linux, from a checkout of bbq: npm run -s cluster -- up > config.yaml',
  'No cluster at all: leave cluster.api out, and the demo runs on simulated nodes.',
] as const

const origin = (config: Config, path: string): string => config.origins[path] ?? 'the config'

const chosen = (config: Config): string => `${origin(config, 'warehouse.kind')} makes BigQuery the warehouse`

const bigqueryLacks = (config: Config): AppError | undefined => {
  const { project, warehouse } = config
  if (project.id === undefined)
    return new AppError({
      what: `${chosen(config)}, but project.id is not set.`,
      why: 'Tables and jobs of BigQuery belong to a project of Google Cloud.',
      next: [
        'Set project.id in the config, or add --project-id PROJECT; see yours: gcloud projects list',
        'Without a project: --warehouse-kind duckdb, the same tables as a folder of Parquet files on this machine.',
      ],
      kind: 'usage',
    })
  const { api_endpoint: api, token_endpoint: tokens } = warehouse
  if (tokens !== undefined && (api === undefined || isGoogle(api)))
    return new AppError({
      what: `${origin(config, 'warehouse.token_endpoint')} sets warehouse.token_endpoint, but warehouse.api_endpoint ${api === undefined ? 'is not set' : `is ${api}`}.`,
      why: "Tokens for Google's own API come from Google, so that a key never goes elsewhere.",
      next: ['Leave warehouse.token_endpoint out, or set warehouse.api_endpoint to the server that it belongs to.'],
      kind: 'usage',
    })
  return undefined
}

/** Why this config cannot run, as an AppError of kind usage, or undefined when it can. */
export const unsupported = (config: Config): AppError | undefined => {
  const onBigquery = config.warehouse.kind === 'bigquery'
  const lacking = onBigquery ? bigqueryLacks(config) : undefined
  if (lacking !== undefined) return lacking
  if (config.cluster.kind === 'bacalhau' && config.cluster.api === undefined && config.cluster.profile === undefined)
    return new AppError({
      what: `${origin(config, 'cluster.kind')} makes Bacalhau the cluster, but no address says where it answers.`,
      next: ['Set cluster.api: HOST:PORT, or --cluster-api HOST:PORT, or BACALHAU_API_HOST.', ...waysToACluster],
      kind: 'usage',
    })
  if (config.cluster.kind === 'bacalhau' && !onBigquery && config.warehouse.node_path === undefined)
    return new AppError({
      what: 'The cluster is Bacalhau and the warehouse a folder of this machine, but warehouse.node_path is not set.',
      why: 'Nodes can only write to a folder that all of them and this machine share.',
      next: [
        'Set warehouse.path to the shared folder as this machine sees it and warehouse.node_path as the nodes see it.',
        'Or send rows to BigQuery instead: set project.id.',
        'Or leave cluster.api out: the demo then runs on simulated nodes.',
      ],
      kind: 'usage',
    })
  return undefined
}
