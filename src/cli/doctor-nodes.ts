import type { Config } from '../config/config.ts'
import { AppError } from '../core/errors.ts'
import { formatBytes, formatDuration } from '../core/format.ts'
import type { ClusterNode } from '../core/node.ts'
import { explainReason } from '../engine/prepare/explain.ts'
import type { NodeReadiness } from '../engine/prepare/readiness.ts'
import type { Fault } from './doctor-check.ts'

const namedIds = 5

/** `aws-1, gcp-1 and 3 more` */
const listed = (ids: readonly string[]): string =>
  ids.length <= namedIds ? ids.join(', ') : `${ids.slice(0, namedIds).join(', ')} and ${ids.length - namedIds} more`

const plural = (count: number): string => (count === 1 ? 'node' : 'nodes')

interface Bad {
  readonly id: string
  readonly reason: string
}

/** What is wrong with some of the nodes: one sentence, each reason once, and each next step once. */
const faultOf = (what: string, bad: readonly Bad[], more: readonly string[] = []): Fault => ({
  fault: new AppError({
    what: `${what}: ${listed(bad.map(({ id }) => id))}.`,
    why: `${[...new Set(bad.map(({ reason }) => reason))].join('; ')}.`,
    next: [...new Set([...bad.flatMap(({ reason }) => explainReason(reason) ?? []), ...more])],
    kind: 'refused',
  }),
})

/** What the list of nodes says: who is connected, and who says neither its cloud nor its region. */
export const describeNodes = (nodes: readonly ClusterNode[]): string => {
  const lost = nodes.filter(({ state }) => state === 'lost').map(({ id }) => id)
  const connected = nodes.filter(({ state }) => state === 'connected')
  const without = (what: string, ids: readonly ClusterNode[]): readonly string[] =>
    ids.length === 0 ? [] : [`no ${what} in the labels of ${listed(ids.map(({ id }) => id))}`]
  return [
    `${connected.length} of ${nodes.length} connected${lost.length === 0 ? '' : `, not ${listed(lost)}`}`,
    ...without(
      'known provider',
      connected.filter(({ provider }) => provider === 'other'),
    ),
    ...without(
      'region',
      connected.filter(({ region }) => region === 'unknown'),
    ),
  ].join('; ')
}

const isMount = (reason: string): boolean => /allowlisted|creation is not allowed|bind source path|mount/i.test(reason)
const isImage = (reason: string): boolean =>
  /pull|manifest|no such host|image|registry|start container process|exec format/i.test(reason)

/** What one small job said about mount, image, preparation, clock and log of the connected nodes. */
export interface Asked {
  readonly config: Config
  readonly nodes: readonly NodeReadiness[]
}

const unknown = ({ nodes }: Asked, is: (reason: string) => boolean): readonly Bad[] =>
  nodes.flatMap(({ id, state, reason = '' }) => (state === 'unknown' && is(reason) ? [{ id, reason }] : []))

const found = ({ nodes }: Asked): readonly NodeReadiness[] => nodes.filter((node) => node.found !== undefined)

/** Nodes on which the job did not run for another reason than mount or image. */
export const describeAnswers = (asked: Asked): string | Fault => {
  const bad = unknown(asked, (reason) => !isMount(reason) && !isImage(reason))
  if (bad.length > 0) return faultOf(`A small job did not run on ${bad.length} of ${asked.nodes.length}`, bad)
  return `sent to ${asked.nodes.length} ${plural(asked.nodes.length)}`
}

export const describeMounts = (asked: Asked): string | Fault => {
  const bad = unknown(asked, isMount)
  const { data } = asked.config.cluster
  const total = asked.nodes.length
  if (bad.length > 0) return faultOf(`${data} cannot be mounted on ${bad.length} of ${total}`, bad)
  const others = unknown(asked, () => true).length
  return others === 0 ? `${data} on ${total} of ${total}` : `${data} refused by none of ${total}`
}

export const describeImage = (asked: Asked): string | Fault => {
  const bad = unknown(asked, isImage)
  const { image } = asked.config.cluster
  if (bad.length > 0) return faultOf(`${image} does not run on ${bad.length} of ${asked.nodes.length}`, bad)
  const versions = new Set(found(asked).map((node) => node.found?.node_version.replace(/^v/, '')))
  return `${image} on ${found(asked).length} of ${asked.nodes.length}, Node ${[...versions].join(' and ')}`
}

export const describePrepared = (asked: Asked): string | Fault => {
  const all = found(asked)
  const bad = all.flatMap(({ id, state, reason }) => (state === 'ready' ? [] : [{ id, reason: reason ?? state }]))
  const shared = all.filter(({ state }) => state === 'shared').length
  if (shared > 0) return faultOf(`A data folder is shared by ${shared} of ${all.length}`, bad)
  if (bad.length > 0)
    return faultOf(`${bad.length} of ${all.length} nodes not prepared`, bad, ['Prepare the nodes: bbq nodes prepare'])
  return `${all.length} of ${asked.nodes.length} nodes`
}

/** A clock further off than this puts rows into wrong windows of arrival. */
const clockToleranceMs = 30_000

export const describeClock = (asked: Asked): string | Fault => {
  const all = found(asked)
  const bad = all.flatMap(({ id, clockOffsetMs = 0 }) =>
    Math.abs(clockOffsetMs) <= clockToleranceMs
      ? []
      : [{ id, reason: `${formatDuration(Math.abs(clockOffsetMs))} ${clockOffsetMs > 0 ? 'ahead' : 'behind'}` }],
  )
  if (bad.length > 0)
    return faultOf(`The clock is off on ${bad.length} of ${all.length}`, bad, [
      'Set the clocks of the nodes and of this machine by NTP.',
    ])
  const most = Math.max(...all.map(({ clockOffsetMs = 0 }) => Math.abs(clockOffsetMs)))
  return most < 1_000 ? 'within a second' : `within ${formatDuration(most)}`
}

export const describeLogs = (asked: Asked): string | Fault => {
  const all = found(asked)
  const { path } = asked.config.logs
  const bytes = all.reduce((sum, node) => sum + (node.found?.log.bytes ?? 0), 0)
  const bad = all.flatMap(({ id, found: it }) =>
    (it?.log.bytes ?? 0) > 0 ? [] : [{ id, reason: it?.log.files === 0 ? 'no such file' : 'the file is empty' }],
  )
  if (bad.length > 0)
    return faultOf(`${path} is missing on ${bad.length} of ${all.length}`, bad, [
      'Have one written: bbq logs start',
      'Or name the log that is there with logs.path.',
    ])
  return `${path} on ${all.length} of ${asked.nodes.length}, ${formatBytes(bytes)}`
}
