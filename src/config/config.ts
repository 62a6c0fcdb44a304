import { join } from 'node:path'
import type { Settings } from './schema.ts'

/** The settings with everything derived filled in. */
export interface Config extends Omit<Settings, 'bigquery' | 'cluster' | 'warehouse'> {
  readonly bigquery: Settings['bigquery'] & { readonly location: string }
  readonly cluster: Settings['cluster'] & { readonly kind: 'sandbox' | 'bacalhau' }
  readonly warehouse: Settings['warehouse'] & { readonly kind: 'duckdb' | 'bigquery'; readonly path: string }
  /** The file it was read from; absent when there is none. */
  readonly file?: string
  /** Where a value came from that is not a default: `config.yaml:3`, `--project-id`, `BBQ_PROJECT_ID`. */
  readonly origins: Readonly<Record<string, string>>
  /** Things to point out that are no errors, one sentence each. */
  readonly notices: readonly string[]
}

interface Given {
  readonly file?: string
  readonly stateDir: string
  readonly origins: Readonly<Record<string, string>>
}

/** Derives kinds and places that were not given. */
export const resolveConfig = (settings: Settings, given: Given): Config => {
  const { bigquery, cluster, warehouse, project } = settings
  const onCluster = cluster.api !== undefined || cluster.profile !== undefined
  const warehouseKind = warehouse.kind ?? (project.id === undefined ? 'duckdb' : 'bigquery')
  return {
    ...settings,
    bigquery: { ...bigquery, location: bigquery.location ?? project.region },
    cluster: { ...cluster, kind: cluster.kind ?? (onCluster ? 'bacalhau' : 'sandbox') },
    warehouse: { ...warehouse, kind: warehouseKind, path: warehouse.path ?? join(given.stateDir, 'warehouse') },
    ...(given.file === undefined ? {} : { file: given.file }),
    origins: given.origins,
    notices: noticesOf(settings, warehouseKind, given),
  }
}

const noticesOf = ({ project, cluster }: Settings, warehouse: string, { origins }: Given): readonly string[] => [
  ...(project.id !== undefined && warehouse === 'duckdb'
    ? [
        `project.id is ${project.id} (${origins['project.id'] ?? 'default'}), but warehouse.kind is duckdb: rows stay in a folder on this machine and nothing goes to BigQuery.`,
      ]
    : []),
  ...(cluster.api !== undefined && cluster.profile !== undefined
    ? [
        `cluster.api is ${cluster.api} (${origins['cluster.api'] ?? 'default'}), so the profile ${cluster.profile} (${origins['cluster.profile'] ?? 'default'}) and its token are not used.`,
      ]
    : []),
]
