import { AppError, toAppError } from '../../core/errors.ts'
import { formatMemory } from '../../core/format.ts'
import type { QueryResult } from '../../warehouse/warehouse.ts'
import type { Commands } from '../commands.ts'
import { type Context, openSession } from '../context.ts'
import { admit, raiseStep } from '../cost/guard.ts'
import { dollarsOf, formatDollars, type Price, priceOf } from '../cost/price.ts'
import { askOnNodes } from '../edge/ask-on-nodes.ts'
import { toProblem } from '../problem.ts'
import type { NodesAsked, QueryItem } from '../query-state.ts'
import { findQuery } from '../selectors/answer.ts'
import { selectSelected } from '../selectors/panes.ts'

const queryMs = 60_000
const priceMs = 15_000
/** Rows of an answer that are shown and saved. */
const rowLimit = 1_000
/** Bytes of it: a screen shows less of each value, and lays out all rows at once. */
const answerBytes = 8 * 1024 * 1024

interface Asked {
  readonly requestId: string
  readonly signal: AbortSignal
}

/** How one question is answered. */
type Work = (asked: Asked) => Promise<{ readonly result: QueryResult; readonly nodes?: NodesAsked }>

export type QueryCommands = Pick<
  Commands,
  'askQuery' | 'priceQuery' | 'raiseBudget' | 'raiseBudgetNow' | 'runQuery' | 'runSql' | 'cancelQuery'
>

/** Commands that ask the warehouse, or the nodes. */
export const createQueryCommands = (context: Context): QueryCommands => {
  const { ports, calls, ledger, put } = context
  let running: { readonly requestId: string; readonly controller: AbortController } | undefined

  const getRunning = () => context.getState().query.running

  const tellSpend = (): void => put({ type: 'spend/changed', spend: ledger.spend() })

  const cancelQuery = (): void => {
    if (running === undefined) return
    put({ type: 'query/cancelled', requestId: running.requestId })
    running.controller.abort()
    running = undefined
  }

  /** One thing that is asked at a time, in sight while it lasts; a newer one ends it. */
  const inSight = async <T>(
    { queryId, pricing }: { readonly queryId: string; readonly pricing?: true },
    work: (asked: Asked) => Promise<T>,
  ): Promise<T> => {
    cancelQuery()
    const requestId = ports.newId()
    const controller = new AbortController()
    running = { requestId, controller }
    put({
      type: 'query/requested',
      requestId,
      queryId,
      now: ports.clock(),
      ...(pricing === undefined ? {} : { pricing }),
    })
    try {
      return await work({ requestId, signal: controller.signal })
    } catch (thrown) {
      put({ type: 'query/failed', requestId, queryId, problem: toProblem(thrown) })
      throw toAppError(thrown)
    } finally {
      if (running?.requestId === requestId) running = undefined
      tellSpend()
      context.inbox.flush()
    }
  }

  const ask = (queryId: string, sql: string, work: Work): Promise<QueryResult> =>
    inSight({ queryId }, async (asked) => {
      const found = await work(asked)
      put({ type: 'query/succeeded', requestId: asked.requestId, queryId, sql, ...found, now: ports.clock() })
      return found.result
    })

  const priced = async (sql: string, signal?: AbortSignal): Promise<Price | undefined> => {
    const { warehouse } = openSession(context)
    if (warehouse.about.kind !== 'bigquery') return undefined
    const { bytes, tables } = await calls.call(
      'The price of the query',
      priceMs,
      (call) => warehouse.estimate(sql, call),
      signal,
    )
    return bytes === undefined ? undefined : priceOf(bytes, tables)
  }

  /** Runs SQL within its price and the budget; where it ends without a word, its price counts as spent. */
  const within = async (
    sql: string,
    {
      limit,
      signal,
      known,
    }: { readonly limit: number; readonly signal?: AbortSignal | undefined; readonly known?: Price | undefined },
  ): Promise<QueryResult> => {
    const { warehouse } = openSession(context)
    const price = known ?? (warehouse.about.kind === 'bigquery' ? await priced(sql, signal) : undefined)
    // only a person at the screen knows the price before
    const maxBytes =
      price === undefined ? undefined : admit(price, ledger.spend(), known === undefined ? 'config' : 'key')
    const settle = ledger.ask(maxBytes ?? 0)
    try {
      const result = await calls.call(
        'The query',
        queryMs,
        (call) =>
          warehouse.query(sql, { ...call, limit, answerBytes, ...(maxBytes === undefined ? {} : { maxBytes }) }),
        signal,
      )
      settle(maxBytes === undefined ? (result.bytesBilled ?? 0) : result.bytesBilled)
      return result
    } catch (thrown) {
      const { kind } = toAppError(thrown)
      settle(kind === 'usage' || kind === 'refused' ? 0 : undefined)
      throw thrown
    }
  }

  const inWarehouse = (sql: string, known: Price | undefined): Work => {
    openSession(context)
    return async ({ signal }) => ({ result: await within(sql, { limit: rowLimit, signal, known }) })
  }

  const onNodes = (sql: string, merge: string): Work => {
    const session = openSession(context)
    return ({ requestId, signal }) => {
      const question = { sql, merge, limit: rowLimit }
      const onProgress = (nodes: NodesAsked): void => put({ type: 'query/progressed', requestId, nodes })
      return askOnNodes(context, session, { question, signal, onProgress })
    }
  }

  const itemOf = (queryId?: string): QueryItem => {
    const state = context.getState()
    const id = queryId ?? selectSelected({ ...state, current: 'query' }, 'questions')
    const query = findQuery(state, id)
    if (query !== undefined) return query
    throw new AppError({
      what: id === undefined ? 'There is no query to run.' : `There is no query ${id}.`,
      next: ['The stages bring their queries along; bbq query lists them.'],
      kind: 'usage',
    })
  }

  const run = ({ id, sql, merge }: QueryItem, known?: Price): Promise<QueryResult> =>
    ask(id, sql, merge === undefined ? inWarehouse(sql, known) : onNodes(sql, merge))

  const raiseBudgetNow = (): void => {
    ledger.raise(raiseStep)
    tellSpend()
    context.inbox.flush()
  }

  return {
    cancelQuery: () => {
      const before = ledger.spend().unsureBytes
      const bills = running !== undefined && getRunning()?.pricing !== true && before > 0
      cancelQuery()
      if (!bills) return
      const text = 'Stopped. What it billed is not told, so its limit counts as used.'
      context.tell({ type: 'message/shown', message: { text, tone: 'info', at: ports.clock() } })
    },
    raiseBudgetNow,
    raiseBudget: () => {
      const { billedBytes, unsureBytes, watchedBytes, budgetBytes } = ledger.spend()
      context.tell({
        type: 'overlay/opened',
        overlay: {
          kind: 'confirm',
          command: { does: 'raise budget' },
          question: `Let queries of this session bill ${formatMemory(raiseStep)} more?`,
          why: `${formatMemory(billedBytes + unsureBytes + watchedBytes)} of ${formatMemory(budgetBytes)} are used. ${formatMemory(raiseStep)} costs ${formatDollars(dollarsOf(raiseStep))} at most, or nothing within the free 1 TB of a month. Every query still shows its price first.`,
          yes: `allow ${formatMemory(raiseStep)} more`,
          no: 'stay within it',
        },
      })
    },
    priceQuery: async (queryId) => {
      const { sql, merge } = itemOf(queryId)
      return merge === undefined ? priced(sql) : undefined
    },
    askQuery: async () => {
      const item = itemOf()
      const { offer } = context.getState().query
      if (item.merge !== undefined) return void (await run(item))
      if (offer?.queryId === item.id) return void (await run(item, offer.price))
      if (openSession(context).warehouse.about.kind !== 'bigquery') return void (await run(item))
      const price = await inSight({ queryId: item.id, pricing: true }, async ({ requestId, signal }) => {
        const found = await priced(item.sql, signal)
        if (found !== undefined && found.billedBytes > 0) {
          admit(found, ledger.spend(), 'key')
          put({ type: 'query/offered', requestId, queryId: item.id, price: found })
        }
        return found
      })
      if (price === undefined || price.billedBytes === 0) await run(item, price)
    },
    runQuery: async (queryId) => run(itemOf(queryId)),
    runSql: async (sql, { limit = rowLimit, signal } = {}) => {
      try {
        return await within(sql, { limit, signal })
      } finally {
        tellSpend()
      }
    },
  }
}
