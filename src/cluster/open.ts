import type { Cluster } from './cluster.ts'
import type { OpenClusterOptions } from './options.ts'

const kinds = {
  sandbox: async (options) => (await import('./sandbox/open.ts')).openSandbox(options),
  bacalhau: async (options) => (await import('./bacalhau/open.ts')).openBacalhau(options),
} as const satisfies Record<Cluster['about']['kind'], (options: OpenClusterOptions) => Promise<Cluster>>

/** Opens the cluster of that kind; a sandbox is ready when this returns. */
export const openCluster = (options: OpenClusterOptions): Promise<Cluster> => kinds[options.kind](options)
