import type { CallOptions } from '../../cluster/cluster.ts'
import { lastJsonLineIn } from '../../core/json.ts'
import type { ClusterNode } from '../../core/node.ts'
import { type Inspection, inspectionSchema } from '../../core/preparation.ts'
import type { NodeAnswer } from '../jobs/ask-nodes.ts'
import { askPatiently } from '../jobs/ask-patiently.ts'

import { dataFolder, dataTarget } from '../jobs/template.ts'
import type { PrepareParts } from './parts.ts'
import { prepareJob } from './prepare-job.ts'
import { missing, type NodeReadiness, notConnected, sharedFolders, sharedReason, strangerReason } from './readiness.ts'

/** Executions repeat their job's spec: a job goes to this many nodes at a time. */
const batch = 50

/** What nodes have of what a stage needs, by small jobs; in the order given. A node that is not connected is unknown. */
export const inspectNodes = async (
  parts: PrepareParts,
  nodes: readonly ClusterNode[],
  /** Of the key file that nodes should have; undefined when none is needed. */
  fingerprint: string | undefined,
  options: CallOptions,
  /** What other nodes were found to have, so that a folder that is shared with one of them is noticed. */
  known: ReadonlyMap<string, Inspection> = new Map(),
): Promise<readonly NodeReadiness[]> => {
  const { config, clock } = parts
  const here = nodes.filter(({ state }) => state === 'connected').map(({ id }) => id)
  const found = new Map<string, Inspection>()
  const answers = new Map<string, NodeAnswer>()
  const offsets = new Map<string, number>()
  for (let from = 0; from < here.length; from += batch) {
    const askedAt = clock()
    const some = here.slice(from, from + batch)
    const request = (ids: readonly string[]) =>
      prepareJob(parts, { name: 'inspect', nodes: ids, parameters: [dataTarget, parts.runtime, config.logs.path] })
    const onAnswer = (answer: NodeAnswer): void => {
      answers.set(answer.nodeId, answer)
      const inspection = lastJsonLineIn(answer.lines, inspectionSchema)
      if (inspection === undefined) return
      found.set(answer.nodeId, inspection)
      offsets.set(answer.nodeId, offsetOf(inspection.now, askedAt, clock()))
    }
    await askPatiently({ ...parts, nodes: some, request, onAnswer }, options)
  }
  const shared = sharedFolders(new Map([...known, ...found]))
  return nodes.map((node): NodeReadiness => {
    const { id } = node
    const inspection = found.get(id)
    if (inspection === undefined) return { id, state: 'unknown', reason: reasonOf(node, answers.get(id)) }
    const others = shared.get(id)
    const about = { id, found: inspection, clockOffsetMs: offsets.get(id) ?? 0 }
    const folder = dataFolder(config)
    if (others !== undefined) return { ...about, state: 'shared', reason: sharedReason(folder, others) }
    if (inspection.node !== null && inspection.node.id !== id)
      return { ...about, state: 'shared', reason: strangerReason(folder, inspection.node.id) }
    const reason = missing(node, inspection, fingerprint)
    return reason === undefined ? { ...about, state: 'ready' } : { ...about, state: 'unprepared', reason }
  })
}

const reasonOf = (node: ClusterNode, answer: NodeAnswer | undefined): string =>
  node.state === 'lost' ? notConnected : (answer?.reason ?? 'its answer was not understood')

/** The node looked at its clock between the two times, so that only what lies outside of them is an offset. */
const offsetOf = (its: number, from: number, to: number): number => (its < from ? its - from : its > to ? its - to : 0)
