import { join, resolve } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../src/core/errors.ts'

const nodeSchema = z.object({
  name: z.string(),
  cloud: z.string(),
  region: z.string(),
  apiPort: z.number(),
  publisherPort: z.number(),
  bridge: z.string(),
  /** First three numbers of the bridge's network. */
  network: z.string(),
  /** The node's disk: this folder is /bacalhau_data there. */
  data: z.string(),
  /** Where the node's Docker keeps images and containers. */
  images: z.string(),
  /** Sockets and pids of the node's Docker. */
  run: z.string(),
  socket: z.string(),
})

export const planSchema = z.object({
  /** State: the nodes' disks, logs, process ids, the folder that all nodes mount. */
  dir: z.string(),
  /** Binary and images; survives the cluster. */
  cache: z.string(),
  port: z.number(),
  natsPort: z.number(),
  run: z.string(),
  shared: z.string(),
  nodes: z.array(nodeSchema).readonly(),
})

export type NodePlan = Readonly<z.infer<typeof nodeSchema>>
/** Where everything of a cluster is, known before anything is started. */
export type ClusterPlan = Readonly<z.infer<typeof planSchema>>

export interface PlanOptions {
  readonly dir: string
  readonly cache: string
  /** Of the API; everything else is counted from it. */
  readonly port: number
  /** `name:cloud:region`, separated by commas. */
  readonly nodes: string
}

/** The path inside a node at which its disk is mounted; also an empty folder of this machine. */
export const mountPoint = '/bacalhau_data'

export const usualNodes = 'aws-1:aws:us-east-1,gcp-1:gcp:us-central1,azure-1:azure:eastus'

/** Throws an AppError for a port or a node that is none. */
export const planOf = ({ dir, cache, port, nodes }: PlanOptions): ClusterPlan => {
  if (!Number.isInteger(port) || port < 1024 || port > 58_000)
    throw usage(`The port ${port} is none from 1024 to 58000.`)
  const root = resolve(dir)
  // a socket's path has 107 bytes at most, so it does not lie below the state folder
  const run = `/run/bbq-cluster-${port}`
  const planned = nodes.split(',').map((text, i): NodePlan => {
    const [name = '', cloud = '', region = ''] = text.trim().split(':')
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(name) || cloud === '' || region === '')
      throw usage(`The node "${text}" is not written as name:cloud:region.`)
    return {
      name,
      cloud,
      region,
      apiPort: port + 1 + i,
      publisherPort: port + 4767 + i,
      bridge: `bbq${port}-${i + 1}`,
      network: `10.${64 + (port % 64)}.${i + 1}`,
      data: join(root, 'data', name),
      images: join(root, 'docker', name),
      run: join(run, name),
      socket: join(run, name, 'sock'),
    }
  })
  if (new Set(planned.map(({ name }) => name)).size < planned.length) throw usage('Two nodes have one name.')
  if (planned.length > 50) throw usage(`${planned.length} nodes are more than the 50 that fit on one machine.`)
  return {
    dir: root,
    cache: resolve(cache),
    port,
    natsPort: port + 2988,
    run,
    shared: join(root, 'shared'),
    nodes: planned,
  }
}

const usage = (what: string): AppError =>
  new AppError({ what, next: [`Nodes are given as --nodes ${usualNodes}`], kind: 'usage' })
