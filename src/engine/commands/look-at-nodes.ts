import type { Cluster } from '../../cluster/cluster.ts'
import type { ClusterNode } from '../../core/node.ts'
import type { Context } from '../context.ts'
import { inspectNodes } from '../prepare/inspect-nodes.ts'
import type { PrepareParts } from '../prepare/parts.ts'
import { keyFileOf } from '../prepare/prepare-nodes.ts'
import type { NodeReadiness } from '../prepare/readiness.ts'

/** A little longer than the job's own limit, so that the cluster's word comes first. */
const inspectMs = 150_000

/** What preparing and inspecting need of the engine. */
export const prepareParts = ({ ports, config }: Context, cluster: Cluster): PrepareParts => ({
  cluster,
  config: config(),
  files: ports.prepareFiles(config()),
  runtime: ports.runtime,
  newId: ports.newId,
  clock: ports.clock,
  pause: (ms) => new Promise((resolve) => void ports.timers.after(ms, resolve)),
})

/** Asks every node what it has of what a stage needs, and tells it to the store. */
export const lookAtNodes = async (
  context: Context,
  cluster: Cluster,
  nodes: readonly ClusterNode[],
): Promise<readonly NodeReadiness[]> => {
  const parts = prepareParts(context, cluster)
  const key = await keyFileOf(parts)
  const readiness = await context.calls.call('Looking at the nodes', inspectMs, (call) =>
    inspectNodes(parts, nodes, key?.fingerprint, call),
  )
  context.put({ type: 'readiness/received', readiness })
  return readiness
}
