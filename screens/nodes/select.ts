import { formatAgo, formatBytes } from '../../src/core/format.ts'
import type { ClusterNode } from '../../src/core/node.ts'
import { sanitize } from '../../src/core/sanitize.ts'
import { selectLastRun } from '../../src/engine/selectors/nodes.ts'
import type { State } from '../../src/engine/state.ts'
import type { NodeEntry } from './node-list.ts'

/** A node as its row shows it. */
export const toEntry = (state: State, node: ClusterNode): NodeEntry => ({
  id: sanitize(node.id),
  provider: node.provider,
  region: sanitize(node.region),
  lost: node.state === 'lost',
  lostMs: node.lostSince === undefined ? undefined : state.clock.now - node.lostSince,
  cpu: node.cpu,
  memoryBytes: node.memoryBytes,
  logBytes: node.log?.bytes,
  logLines: node.log?.lines,
  growth: (state.nodes.growth[node.id]?.perSecond ?? []).map((value) => value ?? undefined),
  lastRun: lastRunOf(state, node),
})

const lastRunOf = (state: State, node: ClusterNode): NodeEntry['lastRun'] => {
  const last = selectLastRun(state, node.id)
  if (last === undefined) return undefined
  const bad = last.node.state === 'failed' || last.node.state === 'lost'
  const sent = last.node.report === undefined ? last.node.state : formatBytes(last.node.report.bytes_sent)
  return { text: `${last.title.toLowerCase()}, ${sent}, ${formatAgo(state.clock.now - last.endedAt)}`, bad }
}
