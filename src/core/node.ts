export type Provider = 'aws' | 'gcp' | 'azure' | 'other'

export const providerNames = {
  aws: 'AWS',
  gcp: 'Google Cloud',
  azure: 'Azure',
  other: 'Other',
} as const satisfies Record<Provider, string>

/** A node's log as it was last seen; a cluster that cannot look into its nodes leaves it out. */
export interface NodeLog {
  readonly path: string
  /** Bytes of the live file and of its rotated predecessors. */
  readonly bytes: number
  readonly lines?: number
  /** The last whole lines, oldest first; at most ten. */
  readonly tail: readonly string[]
}

export interface ClusterNode {
  readonly id: string
  readonly provider: Provider
  readonly region: string
  readonly state: 'connected' | 'lost'
  /** Milliseconds since the epoch at which a lost node was last heard of. */
  readonly lostSince?: number
  readonly cpu?: number
  readonly memoryBytes?: number
  readonly labels: Readonly<Record<string, string>>
  readonly log?: NodeLog
}

/** What a processor knows about the machine it runs on; `.bbq/node.json` in the data folder. */
export interface NodeIdentity {
  readonly id: string
  readonly provider: Provider
  readonly region: string
  readonly hostname: string
  readonly public_ip: string | null
  readonly private_ip: string | null
}
