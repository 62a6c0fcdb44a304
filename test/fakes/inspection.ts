import type { ClusterNode } from '../../src/core/node.ts'
import type { Inspection } from '../../src/core/preparation.ts'
import { identityOf } from '../../src/engine/prepare/readiness.ts'

/** What the inspection of a node prints that has all it needs, or lacks the program. */
export const inspectionLine = (node: ClusterNode, program: boolean, now: number): string =>
  JSON.stringify({
    type: 'inspection',
    node: identityOf(node),
    nonce: node.id,
    public_key: node.id,
    program,
    duckdb: true,
    credentials: null,
    log: { files: 1, bytes: node.log?.bytes ?? 0 },
    platform: 'linux-x64',
    node_version: '24.0.0',
    now,
  } satisfies Inspection)
