import { byOutcome } from '../../core/job.ts'
import type { ClusterNode, Provider } from '../../core/node.ts'
import type { RunNode, State } from '../state.ts'

const providers: readonly Provider[] = ['aws', 'gcp', 'azure', 'other']

const byId = new Intl.Collator('en', { numeric: true }).compare
const sortedNodes = new WeakMap<readonly ClusterNode[], readonly ClusterNode[]>()

/** The nodes by cloud, then by id. */
export const selectNodes = (state: State): readonly ClusterNode[] => {
  const { rows } = state.nodes
  const known = sortedNodes.get(rows)
  if (known !== undefined) return known
  const sorted = rows.toSorted(
    (a, b) => providers.indexOf(a.provider) - providers.indexOf(b.provider) || byId(a.id, b.id),
  )
  sortedNodes.set(rows, sorted)
  return sorted
}

const sortedRuns = new WeakMap<readonly RunNode[], readonly RunNode[]>()

/** A stage's nodes, failures first, then what runs; within a state in the given order. */
export const selectRunNodes = (state: State, stageId: string): readonly RunNode[] => {
  const nodes = state.runs[stageId]?.nodes ?? []
  const known = sortedRuns.get(nodes)
  if (known !== undefined) return known
  const sorted = nodes.toSorted(byOutcome)
  sortedRuns.set(nodes, sorted)
  return sorted
}

export interface LastRun {
  readonly stageId: string
  readonly title: string
  readonly node: RunNode
  readonly endedAt: number
}

/** The last finished run that a node took part in. */
export const selectLastRun = (state: State, nodeId: string): LastRun | undefined =>
  selectNodeRuns(state, nodeId).toSorted((a, b) => b.endedAt - a.endedAt)[0]

/** A node's part in the last finished run of each stage, in the order of the stages. */
export const selectNodeRuns = (state: State, nodeId: string): readonly LastRun[] =>
  state.stages.flatMap(({ id, title }) => {
    const run = state.runs[id]
    const node = run?.nodes.find((one) => one.id === nodeId)
    return run?.endedAt === undefined || node === undefined ? [] : [{ stageId: id, title, node, endedAt: run.endedAt }]
  })

/** Bytes a second by which all logs grow together, over the last look. */
export const selectGrowth = (state: State): number =>
  Object.values(state.nodes.growth).reduce((sum, { perSecond }) => sum + (perSecond.at(-1) ?? 0), 0)

/** Ids of the nodes that could run stages and miss what preparation gives them. */
export const selectUnprepared = ({ nodes }: Pick<State, 'nodes'>): readonly string[] =>
  Object.values(nodes.readiness)
    .filter(({ state }) => state === 'unprepared')
    .map(({ id }) => id)

/** Whether the nodes of a cluster are prepared and none of them has a log with anything in it. */
export const selectLacksLogs = ({ nodes }: Pick<State, 'nodes'>): boolean => {
  const ready = Object.values(nodes.readiness).filter(({ state }) => state === 'ready')
  return ready.length > 0 && ready.every(({ found }) => found?.log.bytes === 0)
}
