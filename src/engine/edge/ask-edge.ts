import type { CallOptions, Cluster, SubmittedJob } from '../../cluster/cluster.ts'
import { mostEdgeBytes, mostEdgeRows } from '../../core/edge.ts'
import { AppError } from '../../core/errors.ts'
import { mostAnswerBytes, type QueryResult } from '../../warehouse/warehouse.ts'
import { askPatiently } from '../jobs/ask-patiently.ts'
import type { LogsParts } from '../jobs/logs-parts.ts'
import { explainReason } from '../prepare/explain.ts'
import { edgeJob } from './edge-job.ts'
import { type EdgeAnswer, type EdgeFailure, isFailure, readAnswer } from './read-answer.ts'
import { type EdgeRelation, relate } from './relation.ts'

/** Runs a query over the relation `edge`. */
export type Merge = (
  relation: EdgeRelation,
  query: { readonly sql: string; readonly limit: number },
  options: CallOptions,
) => Promise<Omit<QueryResult, 'ms'>>

export interface EdgeQuestion {
  readonly sql: string
  /** SQL over `edge`, which holds every node's answer. */
  readonly merge?: string
  /** Rows of the result at most. */
  readonly limit: number
}

export interface EdgeResult {
  readonly result: QueryResult
  readonly job: SubmittedJob
  readonly answered: readonly EdgeAnswer[]
  readonly failed: readonly EdgeFailure[]
}

interface Asked {
  readonly cluster: Cluster
  readonly parts: LogsParts
  /** Ids of the nodes that are connected. */
  readonly nodes: readonly string[]
  readonly runtime: string
  readonly question: EdgeQuestion
  readonly merge: Merge
  /** Milliseconds since the epoch. */
  readonly clock: () => number
  /** Waits that many milliseconds. */
  readonly pause: (ms: number) => Promise<void>
  readonly onSubmitted?: (job: SubmittedJob) => void
  /** Called once for every node. */
  readonly onAnswer?: (answer: EdgeAnswer | EdgeFailure) => void
  /** Nodes that were busy, and milliseconds after which they are asked again. */
  readonly onBusy?: (ids: readonly string[], ms: number) => void
}

/** Failures by their reason, nodes of the same one together. */
export const byReason = (failed: readonly EdgeFailure[]): readonly (readonly [string, readonly string[]])[] => {
  const groups = new Map<string, string[]>()
  for (const { id, reason } of failed) groups.set(reason, [...(groups.get(reason) ?? []), id])
  return [...groups].sort((a, b) => b[1].length - a[1].length)
}

const nobodyAnswered = (failed: readonly EdgeFailure[]): AppError => {
  const [first] = byReason(failed)
  const next = first === undefined ? undefined : explainReason(first[0])
  const count = failed.length
  return new AppError({
    what: count === 1 ? `${failed[0]?.id} gave no answer.` : `None of ${count} nodes gave an answer.`,
    ...(first === undefined ? {} : { why: count === 1 ? first[0] : `${first[1].length} say: ${first[0]}` }),
    ...(next === undefined ? {} : { next: [next] }),
  })
}

/** Puts one query to the log of every node, and a second one to all answers if it is asked for; rejects only when no node answered. */
export const askEdge = async (asked: Asked, options: CallOptions): Promise<EdgeResult> => {
  const { cluster, parts, nodes, runtime, question, clock } = asked
  const { sql, merge, limit } = question
  const started = clock()
  const perNode = merge === undefined ? Math.min(limit, mostEdgeRows) : mostEdgeRows
  // all answers are held at once where they are put together
  const bytes = Math.min(mostEdgeBytes, Math.ceil(mostAnswerBytes / nodes.length))
  let job: SubmittedJob | undefined
  const all: (EdgeAnswer | EdgeFailure)[] = []
  await askPatiently(
    {
      cluster,
      nodes,
      pause: asked.pause,
      request: (some, only) => {
        const wish = { nodes: some, runtime, sql, limit: perNode, bytes }
        return edgeJob(parts, only === undefined ? wish : { ...wish, only })
      },
      onSubmitted: (submitted) => {
        job ??= submitted
        asked.onSubmitted?.(submitted)
      },
      onAnswer: (answer) => {
        const read = readAnswer(answer)
        all.push(read)
        asked.onAnswer?.(read)
      },
      ...(asked.onBusy === undefined ? {} : { onBusy: asked.onBusy }),
    },
    options,
  )
  if (job === undefined) throw new AppError({ what: 'The job was not sent.' })
  const inOrder = nodes.flatMap((id) => all.find((one) => one.id === id) ?? [])
  const { relation, used, odd } = relate(inOrder.filter((one): one is EdgeAnswer => !isFailure(one)))
  const failed = [...inOrder.filter(isFailure), ...odd]
  if (used.length === 0) throw nobodyAnswered(failed)
  const cut = used.some(({ truncated }) => truncated)
  const found =
    merge === undefined
      ? {
          ...relation,
          rows: relation.rows.slice(0, limit),
          truncated: cut || relation.rows.length > limit,
          full: used.some(({ full }) => full),
        }
      : await asked.merge(relation, { sql: merge, limit }, options)
  return { result: { ...found, ms: clock() - started }, job, answered: used, failed }
}
