import { hostname } from 'node:os'
import { resolve } from 'node:path'
import type { Cluster } from '../cluster/cluster.ts'
import type { Config } from '../config/config.ts'
import { unsupported } from '../config/supported.ts'
import type { OwnNode } from '../core/own-files.ts'
import type { Holder } from '../hold-file.ts'
import { programs } from '../programs.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import { bacalhauOptions } from './bacalhau-options.ts'
import { bigqueryOptions } from './bigquery-options.ts'
import type { CliContext } from './context.ts'
import { thisProcess } from './lock.ts'
import { selectNodes } from './select-nodes.ts'
import { withTempFolder } from './state-folder.ts'

/** Where and with what the ports are opened. */
interface Place {
  readonly stateDir: string
  readonly context: CliContext
}

export interface ClusterWish {
  /** Sandbox: new nodes with new logs. */
  readonly fresh: boolean
  /** Sandbox: logs keep growing. */
  readonly live: boolean
  /** Nodes over log files of somebody's own instead of the config's. */
  readonly inputs?: readonly OwnNode[]
  /** Only these nodes. */
  readonly nodes?: readonly string[]
  readonly signal?: AbortSignal
}

/** The cluster that the config names; what cannot run is an AppError of kind usage. */
export const openClusterOf = async (
  config: Config,
  { stateDir, context }: Place,
  wish: ClusterWish,
): Promise<Cluster> => {
  const { cluster, demo } = config
  const { openCluster } = await import('../cluster/open.ts')
  const opened = await openCluster({
    kind: wish.inputs === undefined ? cluster.kind : 'sandbox',
    stateDir,
    programs,
    nodePath: context.nodePath,
    env: withTempFolder(context.env, stateDir),
    fresh: wish.fresh,
    live: wish.live && demo.live,
    lines: demo.lines,
    seed: demo.seed,
    generator: config.generator,
    log: config.logs.path,
    now: context.now,
    signal: wish.signal ?? context.signal,
    bacalhau: bacalhauOptions(config),
    ...(wish.inputs === undefined ? {} : { inputs: wish.inputs }),
  })
  const labels = wish.inputs === undefined ? cluster.nodes : []
  if (labels.length === 0 && wish.nodes === undefined) return opened
  return selectNodes(opened, { labels, ...(wish.nodes === undefined ? {} : { ids: wish.nodes }) })
}

/** A fresh random epoch. */
export const newEpoch = (): string => crypto.randomUUID().replaceAll('-', '').slice(0, 12)

/** Nodes of a cluster remember by themselves what they have sent; what simulated nodes and own files have sent is known by the state folder alone. */
const writerOf = (config: Config, command: string, stateDir: string): { readonly writer?: Holder } =>
  config.cluster.kind === 'bacalhau'
    ? {}
    : {
        writer: {
          // the same whenever this program opens it, so that a hold that could not be given back is still its own
          ...thisProcess({ command, now: performance.timeOrigin }),
          host: hostname(),
          stateDir: resolve(stateDir),
        },
      }

/** The warehouse that the config names; for a `command` that writes, nobody else may write into it until it is closed. */
export const openWarehouseOf = async (
  config: Config,
  { stateDir, context }: Place,
  command?: string,
): Promise<Warehouse> => {
  const refusal = unsupported(config)
  if (refusal !== undefined) throw refusal
  const { openWarehouse } = await import('../warehouse/open.ts')
  const { bigquery, warehouse } = config
  const writer = command === undefined ? {} : writerOf(config, command, stateDir)
  const own = { now: context.now, newEpoch, ...writer }
  const options = bigqueryOptions(config)
  if (warehouse.kind === 'bigquery' && options !== undefined)
    return openWarehouse({ ...own, ...options, kind: 'bigquery', env: context.env })
  return openWarehouse({
    ...own,
    kind: 'duckdb',
    path: warehouse.path,
    dataset: bigquery.dataset_name,
    logResultsTable: bigquery.table_name,
    programs,
    nodePath: context.nodePath,
    env: withTempFolder(context.env, stateDir),
  })
}
