import { AppError, toAppError } from '../../core/errors.ts'
import type { QueryResult } from '../../warehouse/warehouse.ts'
import type { Commands } from '../commands.ts'
import { type Context, openSession } from '../context.ts'
import { askOnNodes } from '../edge/ask-on-nodes.ts'
import { toProblem } from '../problem.ts'
import type { NodesAsked } from '../query-state.ts'
import { findQuery } from '../selectors/answer.ts'
import { selectSelected } from '../selectors/panes.ts'

const queryMs = 60_000
/** Rows of an answer that are shown and saved. */
const rowLimit = 1_000

/** How one question is answered. */
type Work = (asked: {
  readonly requestId: string
  readonly signal: AbortSignal
}) => Promise<{ readonly result: QueryResult; readonly nodes?: NodesAsked }>

export type QueryCommands = Pick<Commands, 'runQuery' | 'runSql' | 'cancelQuery'>

/** Commands that ask the warehouse, or the nodes. */
export const createQueryCommands = (context: Context): QueryCommands => {
  const { ports, calls, put } = context
  let running: { readonly requestId: string; readonly controller: AbortController } | undefined

  const cancelQuery = (): void => {
    if (running === undefined) return
    put({ type: 'query/cancelled', requestId: running.requestId })
    running.controller.abort()
    running = undefined
  }

  const ask = async (queryId: string, sql: string, work: Work): Promise<QueryResult> => {
    cancelQuery()
    const requestId = ports.newId()
    const controller = new AbortController()
    running = { requestId, controller }
    put({ type: 'query/requested', requestId, queryId, now: ports.clock() })
    try {
      const found = await work({ requestId, signal: controller.signal })
      put({ type: 'query/succeeded', requestId, queryId, sql, ...found, now: ports.clock() })
      return found.result
    } catch (thrown) {
      put({ type: 'query/failed', requestId, queryId, problem: toProblem(thrown) })
      throw toAppError(thrown)
    } finally {
      if (running?.requestId === requestId) running = undefined
      context.inbox.flush()
    }
  }

  const inWarehouse = (sql: string): Work => {
    const { warehouse } = openSession(context)
    return async ({ signal }) => ({
      result: await calls.call(
        'The query',
        queryMs,
        (call) => warehouse.query(sql, { ...call, limit: rowLimit }),
        signal,
      ),
    })
  }

  const onNodes = (sql: string, merge: string): Work => {
    const session = openSession(context)
    return ({ requestId, signal }) => {
      const question = { sql, merge, limit: rowLimit }
      const onProgress = (nodes: NodesAsked): void => put({ type: 'query/progressed', requestId, nodes })
      return askOnNodes(context, session, { question, signal, onProgress })
    }
  }

  return {
    cancelQuery,
    runQuery: async (queryId) => {
      const state = context.getState()
      const id = queryId ?? selectSelected({ ...state, current: 'query' }, 'questions')
      const query = findQuery(state, id)
      if (query === undefined)
        throw new AppError({
          what: id === undefined ? 'There is no query to run.' : `There is no query ${id}.`,
          next: ['The stages bring their queries along; bbq query lists them.'],
          kind: 'usage',
        })
      const { id: known, sql, merge } = query
      return ask(known, sql, merge === undefined ? inWarehouse(sql) : onNodes(sql, merge))
    },
    runSql: async (sql, { limit = rowLimit, signal } = {}) => {
      const { warehouse } = openSession(context)
      return calls.call('The query', queryMs, (call) => warehouse.query(sql, { ...call, limit }), signal)
    },
  }
}
