import type { SeenNode } from './nodes.ts'

/** A node tells every 15 s that it lives; Bacalhau calls it disconnected after more than a minute without. */
const quietMs = 20_000

/**
 * Remembers when each node's last heartbeat was first seen, by this machine's clock: the orchestrator's may differ. What it
 * returns says of each connected node that has been quiet for too long since when, in milliseconds since the epoch.
 */
export const createHeartbeats = (now: () => number): ((nodes: readonly SeenNode[]) => ReadonlyMap<string, number>) => {
  const seen = new Map<string, { readonly heartbeat: string; readonly at: number }>()
  return (nodes) => {
    const at = now()
    const silent = new Map<string, number>()
    for (const { node, heartbeat } of nodes) {
      if (heartbeat === undefined) continue
      const last = seen.get(node.id)
      if (last?.heartbeat !== heartbeat) seen.set(node.id, { heartbeat, at })
      else if (node.state === 'connected' && at - last.at >= quietMs) silent.set(node.id, last.at)
    }
    return silent
  }
}
