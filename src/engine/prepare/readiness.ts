import type { ClusterNode, NodeIdentity } from '../../core/node.ts'
import type { Inspection } from '../../core/preparation.ts'

/** unknown: the question did not reach the node, or its answer did not come. */
type ReadyState = 'ready' | 'unprepared' | 'shared' | 'unknown'

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
  const shared = new Map<string, readonly string[]>()
  for (const [id, { public_key, nonce }] of found) {
    const others = [...found].filter(
      ([other, its]) =>
        other !== id &&
        ((public_key !== null && its.public_key === public_key) || (nonce !== null && its.nonce === nonce)),
    )
    if (others.length > 0)
      shared.set(
        id,
        others.map(([other]) => other),
      )
  }
  return shared
}

/** Why nodes that read one folder cannot be used, without its full stop. */
export const sharedReason = (folder: string, others: readonly string[]): string =>
  `its ${folder} is also that of ${others.join(', ')}: each would process the other's log and count it as its own`
