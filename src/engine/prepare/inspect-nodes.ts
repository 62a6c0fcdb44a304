import type { CallOptions } from '../../cluster/cluster.ts'
import type { ClusterNode } from '../../core/node.ts'
import { type Inspection, inspectionSchema } from '../../core/preparation.ts'
import { askNodes, type NodeAnswer } from '../jobs/ask-nodes.ts'
import { dataFolder, dataTarget } from '../jobs/template.ts'
import { answerIn } from './answer.ts'
import type { PrepareParts } from './parts.ts'
import { prepareJob } from './prepare-job.ts'
import { missing, type NodeReadiness, sharedFolders, sharedReason } from './readiness.ts'

/** What nodes have of what a stage needs, by one small job; in the order given. A node that is not connected is unknown. */
export const inspectNodes = async (
  parts: PrepareParts,
  nodes: readonly ClusterNode[],
  /** Of the key file that nodes should have; undefined when none is needed. */
  fingerprint: string | undefined,
  options: CallOptions,
): Promise<readonly NodeReadiness[]> => {
  const { cluster, config, runtime, clock } = parts
  const here = nodes.filter(({ state }) => state === 'connected').map(({ id }) => id)
  const found = new Map<string, Inspection>()
  const answers = new Map<string, NodeAnswer>()
  const offsets = new Map<string, number>()
  if (here.length > 0) {
    const askedAt = clock()
    const request = await prepareJob(parts, {
      name: 'inspect',
      nodes: here,
      parameters: [dataTarget, runtime, config.logs.path],
    })
    for (const answer of await askNodes({ cluster, request }, options)) {
      answers.set(answer.nodeId, answer)
      const inspection = answerIn(answer.lines, inspectionSchema)
      if (inspection === undefined) continue
      found.set(answer.nodeId, inspection)
      offsets.set(answer.nodeId, offsetOf(inspection.now, askedAt, clock()))
    }
  }
  const shared = sharedFolders(found)
  return nodes.map((node): NodeReadiness => {
    const { id } = node
    const inspection = found.get(id)
    if (inspection === undefined) return { id, state: 'unknown', reason: reasonOf(node, answers.get(id)) }
    const others = shared.get(id)
    const about = { id, found: inspection, clockOffsetMs: offsets.get(id) ?? 0 }
    if (others !== undefined) return { ...about, state: 'shared', reason: sharedReason(dataFolder(config), others) }
    const reason = missing(node, inspection, fingerprint)
    return reason === undefined ? { ...about, state: 'ready' } : { ...about, state: 'unprepared', reason }
  })
}

const reasonOf = (node: ClusterNode, answer: NodeAnswer | undefined): string =>
  node.state === 'lost' ? 'it is not connected' : (answer?.reason ?? 'its answer was not understood')

/** The node looked at its clock between the two times, so that only what lies outside of them is an offset. */
const offsetOf = (its: number, from: number, to: number): number => (its < from ? its - from : its > to ? its - to : 0)
