import type { NodeIdentity } from '../../src/core/node.ts'
import { constant, timeOf } from './sql.ts'

export interface RowOrigin {
  readonly project: string
  readonly node: NodeIdentity
  readonly chunkId: string
  /** Microseconds since the epoch. */
  readonly syncTimeUs: bigint
}

/** Columns that every row of a chunk shares, as SQL; a table takes those that it has. */
export const commonColumns = ({ project, node, chunkId, syncTimeUs }: RowOrigin): Readonly<Record<string, string>> => ({
  project_id: constant(project),
  region: constant(node.region),
  nodeName: constant(node.id),
  hostname: constant(node.hostname),
  provider: constant(node.provider),
  chunk_id: constant(chunkId),
  sync_time: timeOf(syncTimeUs),
  upload_time: timeOf(syncTimeUs),
  public_ip: constant(node.public_ip),
  private_ip: constant(node.private_ip),
})
