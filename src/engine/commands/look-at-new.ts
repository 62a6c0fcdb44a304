import type { Cluster } from '../../cluster/cluster.ts'
import type { ClusterNode } from '../../core/node.ts'
import type { Context } from '../context.ts'
import { inspectNodes } from '../prepare/inspect-nodes.ts'
import { keyFileOf } from '../prepare/prepare-nodes.ts'
import { notConnected } from '../prepare/readiness.ts'
import { prepareParts } from './look-at-nodes.ts'

const inspectMs = 150_000
/** A node that does not answer is asked again after this time, in milliseconds. */
const againMs = 60_000

/** Looks at nodes that joined or came back since the demo was opened, so that their preparation can be offered. */
export const createLookAtNew = (context: Context) => {
  const asked = new Map<string, number>()
  return async (cluster: Cluster, rows: readonly ClusterNode[]): Promise<void> => {
    if (cluster.about.kind !== 'bacalhau') return
    const { readiness } = context.getState().nodes
    const now = context.ports.clock()
    const fresh = rows.filter(({ id, state }) => {
      const known = readiness[id]
      const unseen = known === undefined || (known.state === 'unknown' && known.reason === notConnected)
      return state === 'connected' && unseen && now - (asked.get(id) ?? Number.NEGATIVE_INFINITY) >= againMs
    })
    if (fresh.length === 0) return
    for (const { id } of fresh) asked.set(id, now)
    const parts = prepareParts(context, cluster)
    const key = await keyFileOf(parts)
    const known = new Map(
      Object.values(readiness).flatMap(({ id, found }) => (found === undefined ? [] : [[id, found] as const])),
    )
    const found = await context.calls.call('Looking at the nodes', inspectMs, (call) =>
      inspectNodes(parts, fresh, key?.fingerprint, call, known),
    )
    context.put({ type: 'readiness/received', readiness: found })
    const [first] = found.filter(({ state }) => state === 'unprepared' || state === 'shared')
    if (first === undefined) return
    const way = first.state === 'unprepared' ? ' P on the screen Nodes (9) prepares it.' : ''
    const text = `${first.id} joined and cannot run a stage: ${first.reason}.${way}`
    context.tell({ type: 'message/shown', message: { text, tone: 'warn', at: now } })
  }
}
