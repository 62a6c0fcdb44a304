import { formatAgo, formatBytes } from '../../src/core/format.ts'
import { isBad } from '../../src/core/job.ts'
import type { ClusterNode } from '../../src/core/node.ts'
import { sanitize } from '../../src/core/sanitize.ts'
import { selectLastRun } from '../../src/engine/selectors/nodes.ts'
import type { Growth, State } from '../../src/engine/state.ts'
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
  logBytes: node.log?.bytes ?? state.nodes.readiness[node.id]?.found?.log.bytes,
  unready: unreadyOf(state, node),
  logLines: node.log?.lines,
  growth: steady(state.nodes.growth[node.id]),
  lastRun: lastRunOf(state, node),
})

const unreadyOf = ({ nodes }: State, { id }: ClusterNode): NodeEntry['unready'] => {
  const state = nodes.readiness[id]?.state
  return state === undefined || state === 'ready' ? undefined : state
}

const stepSeconds = 3

/** Averages of three seconds that end at whole steps of the clock: columns move on every third look, and never change behind. */
const steady = (growth: Growth | undefined): readonly (number | undefined)[] => {
  if (growth === undefined) return []
  const loose = Math.round(growth.at / 1000) % stepSeconds
  const whole = growth.perSecond.slice(0, growth.perSecond.length - loose)
  const start = whole.length % stepSeconds
  return Array.from({ length: Math.floor(whole.length / stepSeconds) }, (_, i) => {
    const part = whole.slice(start + i * stepSeconds, start + (i + 1) * stepSeconds).filter((value) => value !== null)
    return part.length === 0 ? undefined : part.reduce((sum, value) => sum + value, 0) / part.length
  })
}

const lastRunOf = (state: State, node: ClusterNode): NodeEntry['lastRun'] => {
  const last = selectLastRun(state, node.id)
  if (last === undefined) return undefined
  const bad = isBad(last.node.state)
  const sent = bad || last.node.report === undefined ? last.node.state : formatBytes(last.node.report.bytes_sent)
  return {
    state: last.node.state,
    text: `${last.title.toLowerCase()}, ${sent}, ${formatAgo(state.clock.now - last.endedAt)}`,
    bad,
  }
}
