import { AppError } from '../../core/errors.ts'
import type { QueryResult } from '../../warehouse/warehouse.ts'
import type { Context, Session } from '../context.ts'
import type { NodesAsked } from '../query-state.ts'
import { askEdge, type EdgeQuestion } from './ask-edge.ts'
import { type EdgeAnswer, type EdgeFailure, isFailure } from './read-answer.ts'

const listMs = 15_000
/** A little longer than the job's own limit, so that the cluster's word comes first. */
const edgeMs = 330_000

interface Asked {
  readonly question: EdgeQuestion
  readonly signal: AbortSignal
  readonly onProgress: (nodes: NodesAsked) => void
}

const connected = async (context: Context, { cluster }: Session): Promise<readonly string[]> => {
  const { rows, failure } = context.getState().nodes
  const known = rows.length > 0 && failure === undefined
  const nodes = known ? rows : await context.calls.call('The cluster', listMs, (call) => cluster.nodes(call))
  const ids = nodes.filter(({ state }) => state === 'connected').map(({ id }) => id)
  if (ids.length > 0) return ids
  throw new AppError({
    what: `The question was not sent: none of the ${nodes.length} nodes is connected.`,
    next: ['Look at the screen Nodes (9), then ask again.'],
    kind: 'unreachable',
  })
}

const tally = (asked: number, answered: readonly EdgeAnswer[], failed: readonly EdgeFailure[]): NodesAsked => ({
  asked,
  answered: answered.length,
  failed,
  cut: answered.filter(({ truncated }) => truncated).length,
  bytesRead: answered.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
})

/** Puts a question to every connected node, and tells how many have answered as they do. */
export const askOnNodes = async (
  context: Context,
  session: Session,
  { question, signal, onProgress }: Asked,
): Promise<{ readonly result: QueryResult; readonly nodes: NodesAsked }> => {
  const { ports, calls } = context
  const nodes = await connected(context, session)
  const all: (EdgeAnswer | EdgeFailure)[] = []
  const progress = (): void =>
    onProgress(
      tally(
        nodes.length,
        all.filter((one): one is EdgeAnswer => !isFailure(one)),
        all.filter(isFailure),
      ),
    )
  progress()
  const { result, answered, failed } = await calls.call(
    'The question',
    edgeMs,
    (call) =>
      askEdge(
        {
          cluster: session.cluster,
          parts: { config: context.config(), template: ports.template, newId: ports.newId },
          nodes,
          runtime: ports.runtime,
          question,
          merge: ports.merge,
          clock: ports.clock,
          pause: (ms) => new Promise((resolve) => void ports.timers.after(ms, resolve)),
          onAnswer: (answer) => {
            all.push(answer)
            progress()
          },
        },
        call,
      ),
    signal,
  )
  return { result, nodes: tally(nodes.length, answered, failed) }
}
