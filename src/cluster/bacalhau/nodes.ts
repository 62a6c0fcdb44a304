import { z } from 'zod'
import type { ClusterNode } from '../../core/node.ts'
import { decode } from './json.ts'
import { placeOf } from './place.ts'

const capacitySchema = z.object({ CPU: z.number().optional(), Memory: z.number().optional() })

const nodeSchema = z.object({
  Info: z.object({
    NodeID: z.string(),
    NodeType: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
    ComputeNodeInfo: z.object({ MaxCapacity: capacitySchema.nullish() }).nullish(),
  }),
  Membership: z.string(),
  Connection: z.string().optional(),
  ConnectionState: z.object({ Status: z.string(), LastHeartbeat: z.string().optional() }).optional(),
})

type NodeState = z.infer<typeof nodeSchema>

/** A node and its last heartbeat, by the orchestrator's clock and in its words. */
export interface SeenNode {
  readonly node: ClusterNode
  readonly heartbeat?: string
}

/** The compute nodes that belong to the cluster, out of `node list --output json`. */
export const decodeNodes = (stdout: string): readonly ClusterNode[] => decodeSeenNodes(stdout).map(({ node }) => node)

/** The same nodes with their heartbeats. */
export const decodeSeenNodes = (stdout: string): readonly SeenNode[] =>
  decode(
    'node list',
    stdout,
    z
      .array(nodeSchema)
      .nullable()
      .transform((nodes) => nodes ?? []),
  )
    .filter(({ Info, Membership }) => Info.NodeType !== 'Requester' && Membership === 'APPROVED')
    .map(seenNode)

const seenNode = (state: NodeState): SeenNode => {
  const heartbeat = state.ConnectionState?.LastHeartbeat
  return { node: clusterNode(state), ...(heartbeat === undefined ? {} : { heartbeat }) }
}

const clusterNode = ({ Info, Connection, ConnectionState }: NodeState): ClusterNode => {
  const labels = Info.Labels ?? {}
  const connected = (ConnectionState?.Status ?? Connection) === 'CONNECTED'
  const heard = Date.parse(ConnectionState?.LastHeartbeat ?? '')
  const capacity = Info.ComputeNodeInfo?.MaxCapacity
  return {
    id: Info.NodeID,
    ...placeOf(Info.NodeID, labels),
    state: connected ? 'connected' : 'lost',
    ...(connected || !(heard > 0) ? {} : { lostSince: heard }),
    ...(capacity?.CPU === undefined ? {} : { cpu: capacity.CPU }),
    ...(capacity?.Memory === undefined ? {} : { memoryBytes: capacity.Memory }),
    labels,
  }
}
