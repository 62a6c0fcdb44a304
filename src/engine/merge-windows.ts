import type { WindowPartial } from './state.ts'

/** A window of event time over all nodes and chunks; the same shape as log_aggregates_merged. */
export interface MergedWindow {
  /** Start of the window, ISO 8601 in UTC. */
  readonly start: string
  readonly total: number
  readonly ok: number
  readonly redirect: number
  readonly clientError: number
  readonly serverError: number
  readonly bytes: number
  /** Average bytes a request; null without requests. */
  readonly avgBytes: number | null
  readonly topEndpoint?: string
  readonly nodes: number
}

const zero = { total: 0, ok: 0, redirect: 0, clientError: 0, serverError: 0, bytes: 0 }

/** Adds partials up a window, oldest window first; any grouping or order of the same partials gives the same result. */
export const mergeWindows = (partials: readonly WindowPartial[]): readonly MergedWindow[] => {
  const groups = Map.groupBy(partials, ({ start }) => start)
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([start, group]) => merge(start, group))
}

const merge = (start: string, group: readonly WindowPartial[]): MergedWindow => {
  const sums = { ...zero }
  const endpoints = new Map<string, number>()
  for (const partial of group) {
    for (const field of Object.keys(zero) as (keyof typeof zero)[]) sums[field] += partial[field]
    for (const [endpoint, n] of Object.entries(partial.endpoints))
      endpoints.set(endpoint, (endpoints.get(endpoint) ?? 0) + n)
  }
  const top = [...endpoints].filter(([name]) => name !== '(other)').sort(byCount)[0]?.[0]
  return {
    start,
    ...sums,
    avgBytes: sums.total === 0 ? null : sums.bytes / sums.total,
    ...(top === undefined ? {} : { topEndpoint: top }),
    nodes: new Set(group.map(({ node }) => node)).size,
  }
}

const byCount = (a: readonly [string, number], b: readonly [string, number]): number =>
  b[1] - a[1] || (a[0] < b[0] ? -1 : 1)
