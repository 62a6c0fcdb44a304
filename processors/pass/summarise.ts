import type { MaskSettings } from '../mask/address.ts'
import { maskText } from '../mask/mask-text.ts'
import type { CountRow, MessageRow } from './output.ts'
import { maskedMessageOf } from './request.ts'
import type { RequestVerdict } from './requests.ts'
import type { Tally } from './tally.ts'

/** Endpoints a window that keep their name; the others count as `(other)`. */
const mostEndpoints = 1_000

/** Notable messages a window. */
const mostMessages = 5

const otherEndpoints = '(other)'

export interface Summary {
  readonly windowCounts: readonly CountRow[]
  readonly messages: readonly MessageRow[]
  /** Addresses masked in endpoints, once for each request. */
  readonly masked: number
}

interface Sum {
  n: number
  bytes: bigint
}

type Statuses = Map<number, Sum>

/** Turns what was counted into rows: endpoints masked, the busiest 1,000 a window by name, the most notable messages. */
export const summarise = (tally: Tally, verdicts: readonly RequestVerdict[], settings: MaskSettings): Summary => {
  const endpoints = verdicts.map(({ endpoint }) => (endpoint === null ? undefined : maskText(endpoint, settings)))
  const windows = new Map<number, Map<string | null, Statuses>>()
  const notable = new Map<number, Notable[]>()
  let masked = 0
  for (const entry of tally.entries()) {
    const endpoint = endpoints[entry.request]
    masked += (endpoint?.masked ?? 0) * entry.n
    const byEndpoint = getOrAdd(windows, entry.window, () => new Map<string | null, Statuses>())
    add(
      getOrAdd(byEndpoint, endpoint?.text ?? null, () => new Map()),
      entry.status,
      entry,
    )
    const verdict = verdicts[entry.request]
    if (entry.status >= 400 && verdict !== undefined)
      keepNotable(
        getOrAdd(notable, entry.window, () => []),
        rankOf(entry.status, verdict),
        () => maskedMessageOf(verdict.text, entry.status, '-', settings),
      )
  }
  const sorted = [...windows].sort(([a], [b]) => a - b)
  return {
    windowCounts: sorted.flatMap(([window, byEndpoint]) => countRows(microseconds(window), fold(byEndpoint))),
    messages: sorted.flatMap(([window]) =>
      (notable.get(window) ?? []).map(({ message }) => ({ window_us: microseconds(window), message })),
    ),
    masked,
  }
}

const microseconds = (window: number): bigint => BigInt(window) * 1_000_000n

interface Notable {
  readonly rank: number
  readonly message: string
}

/** Server errors first, then attacks, then the other refusals. */
const rankOf = (status: number, verdict: RequestVerdict): number =>
  status >= 500 ? 0 : verdict.probe !== undefined ? 1 : 2

/** Keeps the best of all, by rank and then by text: the same ones in whatever order and pieces they come. */
const keepNotable = (kept: Notable[], rank: number, message: () => string): void => {
  const last = kept[mostMessages - 1]
  if (last !== undefined && rank > last.rank) return
  const candidate = { rank, message: message() }
  if (kept.some((one) => one.message === candidate.message)) return
  kept.push(candidate)
  kept.sort((a, b) => a.rank - b.rank || compare(a.message, b.message))
  kept.length = Math.min(kept.length, mostMessages)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const fold = (byEndpoint: Map<string | null, Statuses>): Map<string | null, Statuses> => {
  if (byEndpoint.size <= mostEndpoints) return byEndpoint
  const total = (statuses: Statuses): number => [...statuses.values()].reduce((sum, { n }) => sum + n, 0)
  const ranked = [...byEndpoint]
    .map(([endpoint, statuses]) => ({ endpoint, statuses, n: total(statuses) }))
    .sort((a, b) => b.n - a.n || compare(a.endpoint ?? '', b.endpoint ?? ''))
  const folded = new Map(ranked.slice(0, mostEndpoints).map(({ endpoint, statuses }) => [endpoint, statuses] as const))
  const other = getOrAdd(folded, otherEndpoints, () => new Map())
  for (const { statuses } of ranked.slice(mostEndpoints)) for (const [status, sum] of statuses) add(other, status, sum)
  return folded
}

const countRows = (window: bigint, byEndpoint: Map<string | null, Statuses>): readonly CountRow[] =>
  [...byEndpoint].flatMap(([endpoint, statuses]) =>
    [...statuses].map(([status, { n, bytes }]) => ({ window_us: window, status, endpoint, n, bytes })),
  )

const add = (statuses: Statuses, status: number, { n, bytes }: Readonly<Sum>): void => {
  const sum = getOrAdd(statuses, status, () => ({ n: 0, bytes: 0n }))
  sum.n += n
  sum.bytes += bytes
}

const getOrAdd = <Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value => {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
