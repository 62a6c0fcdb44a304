import type { CountRow } from './output.ts'
import type { TallyEntry } from './tally.ts'

/** Requests by window, status and endpoint, column by column; the same three may come more than once. */
export interface WindowCounts {
  readonly length: number
  /** Where each window starts, in seconds since the epoch. */
  readonly windows: Float64Array
  readonly statuses: Int32Array
  /** Places in `texts`. */
  readonly endpoints: Int32Array
  readonly requests: Float64Array
  /** Bytes are `sums`, and `large` of an entry where there are more than a double holds. */
  readonly sums: Float64Array
  readonly large: ReadonlyMap<number, bigint>
  /** Different masked endpoints; null for requests that have none. */
  readonly texts: readonly (string | null)[]
}

/** Takes in so many entries, one behind another. */
export const beginWindowCounts = (length: number) => {
  const windows = new Float64Array(length)
  const statuses = new Int32Array(length)
  const endpoints = new Int32Array(length)
  const requests = new Float64Array(length)
  const sums = new Float64Array(length)
  const large = new Map<number, bigint>()
  let at = 0
  return {
    add(entry: Omit<TallyEntry, 'request'>, endpoint: number): void {
      windows[at] = entry.window
      statuses[at] = entry.status
      endpoints[at] = endpoint
      requests[at] = entry.n
      sums[at] = entry.sum
      if (entry.large !== undefined) large.set(at, entry.large)
      at += 1
    },
    end: (texts: WindowCounts['texts']): WindowCounts => ({
      length,
      windows,
      statuses,
      endpoints,
      requests,
      sums,
      large,
      texts,
    }),
  }
}

export const noWindowCounts: WindowCounts = beginWindowCounts(0).end([])

/** The same row by row. */
export const countRows = (counts: WindowCounts): readonly CountRow[] =>
  Array.from({ length: counts.length }, (_, i) => ({
    window_us: BigInt(counts.windows[i] ?? 0) * 1_000_000n,
    status: counts.statuses[i] ?? 0,
    endpoint: counts.texts[counts.endpoints[i] ?? 0] ?? null,
    n: counts.requests[i] ?? 0,
    bytes: BigInt(counts.sums[i] ?? 0) + (counts.large.get(i) ?? 0n),
  }))
