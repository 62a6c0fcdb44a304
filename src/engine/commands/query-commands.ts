import { AppError, toAppError } from '../../core/errors.ts'
import type { QueryResult } from '../../warehouse/warehouse.ts'
import type { Commands } from '../commands.ts'
import { type Context, openSession } from '../context.ts'
import { toProblem } from '../problem.ts'
import { findQuery } from '../selectors/answer.ts'
import { selectSelected } from '../selectors/panes.ts'

const queryMs = 60_000
/** Rows of an answer that are shown and saved. */
const rowLimit = 1_000

export type QueryCommands = Pick<Commands, 'runQuery' | 'runSql' | 'cancelQuery'>

/** Commands that ask the warehouse. */
export const createQueryCommands = (context: Context): QueryCommands => {
  const { ports, calls, put } = context
  let running: { readonly requestId: string; readonly controller: AbortController } | undefined

  const cancelQuery = (): void => {
    if (running === undefined) return
    put({ type: 'query/cancelled', requestId: running.requestId })
    running.controller.abort()
    running = undefined
  }

  const ask = async (queryId: string, sql: string): Promise<QueryResult> => {
    const { warehouse } = openSession(context)
    cancelQuery()
    const requestId = ports.newId()
    const controller = new AbortController()
    running = { requestId, controller }
    put({ type: 'query/requested', requestId, queryId, now: ports.clock() })
    try {
      const result = await calls.call(
        'The query',
        queryMs,
        (call) => warehouse.query(sql, { ...call, limit: rowLimit }),
        controller.signal,
      )
      put({ type: 'query/succeeded', requestId, queryId, sql, result, now: ports.clock() })
      return result
    } catch (thrown) {
      put({ type: 'query/failed', requestId, queryId, problem: toProblem(thrown) })
      throw toAppError(thrown)
    } finally {
      if (running?.requestId === requestId) running = undefined
      context.inbox.flush()
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
      return ask(query.id, query.sql)
    },
    runSql: async (sql, { limit = rowLimit, signal } = {}) => {
      const { warehouse } = openSession(context)
      return calls.call('The query', queryMs, (call) => warehouse.query(sql, { ...call, limit }), signal)
    },
  }
}
