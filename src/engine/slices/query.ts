import type { Event } from '../events.ts'
import type { QueryState } from '../query-state.ts'

/** The canned queries and the last answer; an answer to an older request is ignored. */
export const reduceQuery = (query: QueryState, event: Event): QueryState => {
  switch (event.type) {
    case 'query/requested': {
      const { problem: _, offer: __, ...rest } = query
      const { requestId, queryId, now, pricing } = event
      return { ...rest, running: { requestId, queryId, startedAt: now, ...(pricing ? { pricing } : {}) } }
    }
    case 'query/progressed':
      if (query.running?.requestId !== event.requestId) return query
      return { ...query, running: { ...query.running, nodes: event.nodes } }
    case 'query/priced':
      return { ...query, prices: { ...query.prices, [event.queryId]: event.price } }
    case 'query/offered': {
      if (query.running?.requestId !== event.requestId) return query
      const { running: _, ...rest } = query
      const { queryId, price } = event
      return { ...rest, prices: { ...rest.prices, [queryId]: price }, offer: { queryId, price } }
    }
    case 'step/shown':
      return withoutOffer(withoutSilence(query))
    case 'offer/dropped':
    case 'row/selected':
      return withoutOffer(query)
    case 'query/succeeded': {
      if (query.running?.requestId !== event.requestId) return query
      const { running: _, sort, ...rest } = query
      const { queryId, sql, result, now, nodes } = event
      const same = query.answer?.queryId === queryId
      const answer = { queryId, sql, result, at: now, ...(nodes === undefined ? {} : { nodes }) }
      return { ...rest, ...(same && sort !== undefined ? { sort } : {}), answer }
    }
    case 'query/failed': {
      if (query.running?.requestId !== event.requestId) return query
      const { running: _, ...rest } = query
      return { ...rest, problem: { queryId: event.queryId, problem: event.problem } }
    }
    case 'query/cancelled': {
      if (query.running?.requestId !== event.requestId) return query
      const { running: _, ...rest } = query
      return rest
    }
    case 'opening/succeeded':
      return {
        items: event.source.cluster.ownFiles === true ? inTables(query.items) : query.items,
        prices: {},
        view: 'table',
      }
    default:
      return query
  }
}

/** Queries of the tables: questions to the nodes need nodes. */
const inTables = (items: QueryState['items']): QueryState['items'] => items.filter(({ merge }) => merge === undefined)

/** What did not answer then may answer now. */
const withoutSilence = (query: QueryState): QueryState => {
  if (query.problem?.problem.kind !== 'unreachable') return query
  const { problem: _, ...rest } = query
  return rest
}

const withoutOffer = (query: QueryState): QueryState => {
  if (query.offer === undefined) return query
  const { offer: _, ...rest } = query
  return rest
}

/** The next order of the answer's rows: each column down, then up, then as they came. */
export const nextSort = ({ answer, sort, ...rest }: QueryState): QueryState => {
  const columns = answer?.result.columns.length ?? 0
  const base: QueryState = answer === undefined ? rest : { ...rest, answer }
  if (columns === 0) return base
  if (sort === undefined) return { ...base, sort: { column: 0, descending: true } }
  if (sort.descending) return { ...base, sort: { column: sort.column, descending: false } }
  return sort.column + 1 < columns ? { ...base, sort: { column: sort.column + 1, descending: true } } : base
}
