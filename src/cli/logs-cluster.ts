import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Cluster } from '../cluster/cluster.ts'
import type { Config } from '../config/config.ts'
import { AppError } from '../core/errors.ts'
import type { ClusterNode } from '../core/node.ts'
import type { LogsParts } from '../engine/jobs/logs-parts.ts'
import { takeLock } from './lock.ts'
import { openClusterOf } from './open-ports.ts'
import { configOf } from './options.ts'
import { jobTemplate } from './prepare-files.ts'
import { newId } from './runtime.ts'
import type { Call } from './verb.ts'

export interface LogsCluster {
  readonly config: Config
  readonly cluster: Cluster
  readonly parts: LogsParts
}

interface Wish {
  /** Stands in the lock, for a second program to name. */
  readonly command: string
  /** Simulated nodes: their logs are changed, so that nobody else may use them meanwhile. */
  readonly writes: boolean
  /** Only these nodes. */
  readonly nodes?: readonly string[]
}

const noNodes = (label: string): AppError =>
  new AppError({
    what: `No node of ${label} is connected.`,
    next: ['Start bacalhau serve --compute on a machine, or change cluster.nodes.'],
    kind: 'unreachable',
  })

/** The nodes that are connected; none is an AppError. */
export const connectedNodes = async (cluster: Cluster, signal: AbortSignal): Promise<readonly ClusterNode[]> => {
  const all = await cluster.nodes({ signal, deadlineMs: 30_000 })
  const nodes = all.filter(({ state }) => state === 'connected')
  if (nodes.length === 0) throw noNodes(cluster.about.label)
  return nodes
}

/** Opens the cluster that the config names for a look at its nodes' logs, and closes it whatever happens. */
export const withLogs = async <T>(call: Call, wish: Wish, use: (logs: LogsCluster) => Promise<T>): Promise<T> => {
  const { context, stateDir } = call
  const config = configOf(call, context.env)
  const locks = config.cluster.kind === 'sandbox' && (wish.writes || !existsSync(join(stateDir, 'nodes')))
  const release = locks ? takeLock(stateDir, { command: wish.command, now: context.now() }) : undefined
  try {
    const only = wish.nodes === undefined || wish.nodes.length === 0 ? {} : { nodes: wish.nodes }
    const cluster = await openClusterOf(config, call, { fresh: false, live: false, ...only })
    try {
      const parts = { config, template: jobTemplate, newId: () => newId(context.now()) }
      return await use({ config, cluster, parts })
    } finally {
      await cluster.close()
    }
  } finally {
    release?.()
  }
}
