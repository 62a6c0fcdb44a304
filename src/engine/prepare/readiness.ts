import type { ClusterNode, NodeIdentity } from '../../core/node.ts'
import type { Inspection } from '../../core/preparation.ts'

/** unknown: the question did not reach the node, or its answer did not come. */
type ReadyState = 'ready' | 'unprepared' | 'shared' | 'unknown'

/** The reason of a node that could not be asked. */
export const notConnected = 'it is not connected'

export interface NodeReadiness {
  readonly id: string
  readonly state: ReadyState
  /** Why, for every state but ready; a sentence without its full stop. */
  readonly reason?: string
  readonly found?: Inspection
  /** Milliseconds by which the node's clock is surely ahead of this machine's, or behind when negative. */
  readonly clockOffsetMs?: number
}

/** What a node is to know of itself, from its labels. */
export const identityOf = ({ id, provider, region, labels }: ClusterNode): NodeIdentity => ({
  id,
  provider,
  region,
  hostname: labels['hostname'] ?? id,
  public_ip: labels['public_ip'] ?? null,
  private_ip: labels['private_ip'] ?? null,
})

/** The first thing that a node misses, or undefined. */
export const missing = (node: ClusterNode, found: Inspection, fingerprint: string | undefined): string | undefined => {
  if (found.node === null) return 'it was never prepared and does not know its name'
  if (!found.program) return 'it lacks the program of this version of bbq'
  if (!found.duckdb) return "it lacks DuckDB's library"
  if (JSON.stringify(found.node) !== JSON.stringify(identityOf(node))) return 'its labels changed since it was prepared'
  if (fingerprint !== undefined && found.credentials !== fingerprint)
    return found.credentials === null ? "it lacks the uploader's key" : "its uploader's key is another one"
  return undefined
}

/** By node id, the other nodes that read the same data folder: they hold the same key pair, or the same nonce. */
export const sharedFolders = (
  found: ReadonlyMap<string, Pick<Inspection, 'public_key' | 'nonce'>>,
): ReadonlyMap<string, readonly string[]> => {
  const holders = new Map<string, string[]>()
  for (const [id, { public_key, nonce }] of found)
    for (const mark of [
      public_key === null ? [] : `key ${public_key}`,
      nonce === null ? [] : `nonce ${nonce}`,
    ].flat()) {
      const ids = holders.get(mark)
      if (ids === undefined) holders.set(mark, [id])
      else ids.push(id)
    }
  const shared = new Map<string, Set<string>>()
  for (const ids of holders.values()) {
    if (ids.length === 1) continue
    for (const id of ids) shared.set(id, new Set([...(shared.get(id) ?? []), ...ids]))
  }
  return new Map([...shared].map(([id, ids]) => [id, [...ids].filter((other) => other !== id)]))
}

const namedIds = 3

/** Why nodes that read one folder cannot be used, without its full stop. */
export const sharedReason = (folder: string, others: readonly string[]): string => {
  const more = others.length > namedIds ? ` and ${others.length - namedIds} more` : ''
  const names = others.slice(0, namedIds).join(', ')
  return `its ${folder} is also that of ${names}${more}: each would process the other's log and count it as its own`
}

/** Why a node is refused whose folder was prepared for another. */
export const strangerReason = (folder: string, named: string): string =>
  `its ${folder} was prepared as that of ${named}: they share it, or the disk is a copy, or the node was renamed`
