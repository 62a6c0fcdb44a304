import { AppError } from '../core/errors.ts'
import type { Config } from './config.ts'

/** How somebody who has no cluster gets one, or does without. */
export const waysToACluster = [
  'A cluster of your own: https://docs.bacalhau.org. A hosted one: Expanso Cloud, https://cloud.expanso.io.',
  'Three nodes on this machine, as root on Linux, from a checkout of bbq: npm run -s cluster -- up > config.yaml',
  'No cluster at all: leave cluster.api out, and the demo runs on simulated nodes.',
] as const

const origin = (config: Config, path: string): string => config.origins[path] ?? 'the config'

const bigQueryChosen = (config: Config): string =>
  config.origins['warehouse.kind'] === undefined
    ? `${origin(config, 'project.id')} sets project.id to ${config.project.id}, which makes BigQuery the warehouse.`
    : `${origin(config, 'warehouse.kind')} makes BigQuery the warehouse.`

/** Why this config cannot run, as an AppError of kind usage, or undefined when it can. */
export const unsupported = (config: Config): AppError | undefined => {
  if (config.warehouse.kind === 'bigquery')
    return new AppError({
      what: bigQueryChosen(config),
      why: 'This version writes to DuckDB only.',
      next: [
        'Set warehouse.kind: duckdb in the config, or add --warehouse-kind duckdb: the same tables as a folder of Parquet files on this machine.',
      ],
      kind: 'usage',
    })
  if (config.cluster.kind === 'bacalhau' && config.cluster.api === undefined && config.cluster.profile === undefined)
    return new AppError({
      what: `${origin(config, 'cluster.kind')} makes Bacalhau the cluster, but no address says where it answers.`,
      next: ['Set cluster.api: HOST:PORT, or --cluster-api HOST:PORT, or BACALHAU_API_HOST.', ...waysToACluster],
      kind: 'usage',
    })
  if (config.cluster.kind === 'bacalhau' && config.warehouse.node_path === undefined)
    return new AppError({
      what: 'The cluster is Bacalhau and the warehouse a folder of this machine, but warehouse.node_path is not set.',
      why: 'Nodes can only write to a folder that all of them and this machine share.',
      next: [
        'Set warehouse.path to the shared folder as this machine sees it and warehouse.node_path as the nodes see it.',
        'Or leave cluster.api out: the demo then runs on simulated nodes.',
      ],
      kind: 'usage',
    })
  return undefined
}
