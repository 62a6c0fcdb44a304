import type { SubmittedJob } from '../../cluster/cluster.ts'
import type { JobSnapshot } from '../../core/job.ts'
import type { Context, Session } from '../context.ts'

const listMs = 15_000

/** True for a job that no node took because all had too little to give at that moment. */
const foundAllBusy = ({ state, message = '', executions }: JobSnapshot): boolean =>
  state === 'failed' && executions.length === 0 && /busy|capacity|not enough nodes/i.test(message)

/**
 * Nodes that an ended job was sent to and that it left out without a word, as Bacalhau does with busy ones; those that are
 * still connected. What a node has to give is known to the orchestrator with a delay, so the next try may find it free.
 */
export const leftOut = async (
  { calls, config }: Context,
  { cluster }: Session,
  job: SubmittedJob,
  snapshot: JobSnapshot | undefined,
): Promise<readonly string[]> => {
  if (snapshot === undefined || (snapshot.state !== 'completed' && !foundAllBusy(snapshot))) return []
  const taken = new Set(snapshot.executions.map(({ nodeId }) => nodeId))
  const missing = job.nodes.filter((id) => !taken.has(id))
  if (missing.length === 0) return []
  // rows are loaded already: a list of nodes that does not come must not make the run a failed one
  const nodes = await calls.call('The cluster', listMs, (call) => cluster.nodes(call)).catch(() => [])
  const { cpu, memory_mb } = config().cluster
  const able = nodes.filter(
    (node) =>
      node.state === 'connected' &&
      (node.cpu ?? cpu) >= cpu &&
      (node.memoryBytes ?? Number.POSITIVE_INFINITY) >= memory_mb * 1024 * 1024,
  )
  return missing.filter((id) => able.some((node) => node.id === id))
}
