import type { Value } from '../../warehouse/warehouse.ts'
import type { QueryItem, QueryState } from '../query-state.ts'
import type { State } from '../state.ts'

type Rows = readonly (readonly Value[])[]

const sorted = new WeakMap<QueryState, Rows>()

/** The rows of the last answer in the order that a person chose. */
export const selectAnswerRows = (state: State): Rows => {
  const { query } = state
  const rows = query.answer?.result.rows ?? []
  if (query.sort === undefined) return rows
  const known = sorted.get(query)
  if (known !== undefined) return known
  const { column, descending } = query.sort
  const sign = descending ? -1 : 1
  const result = rows.toSorted((a, b) => sign * compareValues(a[column] ?? null, b[column] ?? null))
  sorted.set(query, result)
  return result
}

/** Numbers by value, also decimal strings; text by code; null before everything. */
const compareValues = (a: Value, b: Value): number => {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1
  const numbers = isNumeric(a) && isNumeric(b)
  if (numbers) return Number(a) - Number(b)
  const [left, right] = [textOf(a), textOf(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

const isNumeric = (value: Value): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))

/** A value as one text; structures as JSON. */
export const textOf = (value: Value): string =>
  value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)

/** The canned query of that id. */
export const findQuery = (state: State, id: string | undefined): QueryItem | undefined =>
  state.query.items.find((item) => item.id === id)
