import type { LeafData } from '../parquet/column.ts'
import { listLevels } from '../parquet/lists.ts'
import type { MessageRow } from '../pass/output.ts'
import type { WindowCounts } from '../pass/window-counts.ts'
import { different, emptyDoubles, wholeLeaf } from './leaves.ts'
import { boundedBytes, createSums, type Sums } from './sums.ts'
import { beginEndpoints, beginStatuses } from './window-lists.ts'

/** The columns of windows, in the order of their time. */
export interface WindowColumns {
  readonly rows: number
  /** Requests in them. */
  readonly requests: number
  /** Of lists of records a leaf for each of their fields. */
  readonly columns: Readonly<Record<string, LeafData | readonly LeafData[]>>
}

/** More than any status. */
const mostStatus = 1000

const mostMessages = 5

/** How deep a value of a list lies. */
const inList = 3

export const windowColumns = (counts: WindowCounts, messages: readonly MessageRow[]): WindowColumns => {
  const { windows, order, ends } = byWindow(counts)
  const endpoints = beginEndpoints(counts, windows.length)
  const statuses = beginStatuses(counts.length, windows.length)
  const ofEndpoints = createSums(endpoints.size)
  const ofStatuses = createSums(mostStatus)
  const totals = windows.map((_, window) => {
    ofEndpoints.clear()
    ofStatuses.clear()
    for (const entry of order.subarray(ends[window - 1] ?? 0, ends[window])) {
      const requests = counts.requests[entry] ?? 0
      const sum = counts.sums[entry] ?? 0
      const large = counts.large.get(entry)
      ofEndpoints.add(counts.endpoints[entry] ?? 0, requests, sum, large)
      ofStatuses.add(counts.statuses[entry] ?? 0, requests, sum, large)
    }
    endpoints.add(ofEndpoints)
    statuses.add(ofStatuses)
    return totalOf(ofStatuses)
  })
  const inClass = (hundred: number): LeafData => wholeLeaf(totals.map(({ classes }) => classes[hundred] ?? 0))
  const total = wholeLeaf(totals.map(({ requests }) => requests))
  const said = Map.groupBy(messages, ({ window_us }) => window_us)
  const starts = windows.map((window) => BigInt(window) * 1_000_000n)
  return {
    rows: windows.length,
    requests: totals.reduce((sum, { requests }) => sum + requests, 0),
    columns: {
      time_window: wholeLeaf(starts),
      log_count: total,
      messages: textLists(
        starts.map((start) => (said.get(start) ?? []).map(({ message }) => message).slice(0, mostMessages)),
      ),
      ok_count: inClass(2),
      redirect_count: inClass(3),
      client_error_count: inClass(4),
      server_error_count: inClass(5),
      total_count: total,
      total_bytes: wholeLeaf(totals.map(({ bytes }) => bytes)),
      avg_bytes: emptyDoubles(windows.length),
      endpoints: endpoints.end(),
      statuses: statuses.end(),
    },
  }
}

interface ByWindow {
  /** Their starts in seconds, in order. */
  readonly windows: readonly number[]
  /** Entries window by window, and the place behind the last of each. */
  readonly order: Int32Array
  readonly ends: Int32Array
}

const byWindow = ({ length, starts, windows: given }: WindowCounts): ByWindow => {
  const inOrder = [...starts.keys()].sort((a, b) => (starts[a] ?? 0) - (starts[b] ?? 0))
  const rank = new Int32Array(starts.length)
  for (const [place, window] of inOrder.entries()) rank[window] = place
  const next = new Int32Array(starts.length + 1)
  for (let entry = 0; entry < length; entry++) count(next, (rank[given[entry] ?? 0] ?? 0) + 1, 1)
  for (let place = 1; place < next.length; place++) count(next, place, next[place - 1] ?? 0)
  const ends = next.slice(1)
  const order = new Int32Array(length)
  for (let entry = 0; entry < length; entry++) {
    const place = rank[given[entry] ?? 0] ?? 0
    order[next[place] ?? 0] = entry
    count(next, place, 1)
  }
  return { windows: inOrder.map((window) => starts[window] ?? 0), order, ends }
}

const count = (into: Int32Array, place: number, more: number): void => {
  into[place] = (into[place] ?? 0) + more
}

interface Total {
  readonly requests: number
  readonly bytes: bigint
  /** Requests by the first digit of their status. */
  readonly classes: readonly number[]
}

const totalOf = (statuses: Sums): Total => {
  const classes = Array.from({ length: 10 }, () => 0)
  let requests = 0
  let bytes = 0n
  for (const status of statuses.keys()) {
    const n = statuses.requestsOf(status)
    const first = Math.floor(status / 100)
    classes[first] = (classes[first] ?? 0) + n
    requests += n
    bytes += BigInt(statuses.bytesOf(status))
  }
  return { requests, bytes: boundedBytes(bytes), classes }
}

const textLists = (lists: readonly (readonly string[])[]): LeafData => ({
  ...different(lists.flat()),
  levels: listLevels(
    lists.map(({ length }) => length),
    inList,
  ),
})
