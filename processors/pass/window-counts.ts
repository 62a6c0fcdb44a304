import type { CountRow } from './output.ts'
import type { TallyEntry } from './tally.ts'

/** Requests by window, status and endpoint, column by column; the same three may come more than once. */
export interface WindowCounts {
  readonly length: number
  /** Where the windows start, in seconds since the epoch; in no order. */
  readonly starts: readonly number[]
  /** Places in `starts`. */
  readonly windows: Int32Array
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
  const starts: number[] = []
  const places = new Map<number, number>()
  const windows = new Int32Array(length)
  const statuses = new Int32Array(length)
  const endpoints = new Int32Array(length)
  const requests = new Float64Array(length)
  const sums = new Float64Array(length)
  const large = new Map<number, bigint>()
  let at = 0
  let newest = Number.NaN
  let place = 0

  const placeOf = (start: number): number => {
    // counts of one window mostly follow each other
    if (start !== newest) {
      newest = start
      place = places.get(start) ?? starts.push(start) - 1
      places.set(start, place)
    }
    return place
  }

  return {
    add(entry: Omit<TallyEntry, 'request'>, endpoint: number): void {
      windows[at] = placeOf(entry.window)
      statuses[at] = entry.status
      endpoints[at] = endpoint
      requests[at] = entry.n
      sums[at] = entry.sum
      if (entry.large !== undefined) large.set(at, entry.large)
      at += 1
    },
    end: (texts: WindowCounts['texts']): WindowCounts => ({
      length,
      starts,
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
    window_us: BigInt(counts.starts[counts.windows[i] ?? 0] ?? 0) * 1_000_000n,
    status: counts.statuses[i] ?? 0,
    endpoint: counts.texts[counts.endpoints[i] ?? 0] ?? null,
    n: counts.requests[i] ?? 0,
    bytes: BigInt(counts.sums[i] ?? 0) + (counts.large.get(i) ?? 0n),
  }))
