import type { LeafData } from '../parquet/column.ts'
import { listLevels } from '../parquet/lists.ts'
import { wholeOf } from '../parquet/values.ts'
import type { CountRow, MessageRow } from '../pass/output.ts'
import { different, emptyDoubles, wholeLeaf } from './leaves.ts'
import { type Counted, endpointsOf, statusesOf, sumOf } from './window-lists.ts'

/** The columns of windows, in the order of their time. */
export interface WindowColumns {
  readonly rows: number
  /** Requests in them. */
  readonly requests: number
  /** Of lists of records a leaf for each of their fields. */
  readonly columns: Readonly<Record<string, LeafData | readonly LeafData[]>>
}

export const windowColumns = (counts: readonly CountRow[], messages: readonly MessageRow[]): WindowColumns => {
  const byWindow = [...Map.groupBy(counts, ({ window_us }) => window_us)].sort(([a], [b]) => (a < b ? -1 : 1))
  const said = Map.groupBy(messages, ({ window_us }) => window_us)
  const statuses = byWindow.map(([, rows]) => statusesOf(rows))
  const endpoints = byWindow.map(([, rows]) => endpointsOf(rows))
  const totals = statuses.map((list) => sumOf(list))
  const inClass = (hundred: number): LeafData =>
    wholeLeaf(statuses.map((list) => sumOf(list.filter(({ of }) => Math.floor(of / 100) === hundred)).n))
  const total = wholeLeaf(totals.map(({ n }) => n))
  return {
    rows: byWindow.length,
    requests: totals.reduce((sum, { n }) => sum + n, 0),
    columns: {
      time_window: wholeLeaf(byWindow.map(([window]) => window)),
      log_count: total,
      messages: textLists(
        byWindow.map(([window]) => (said.get(window) ?? []).map(({ message }) => message).slice(0, 5)),
      ),
      ok_count: inClass(2),
      redirect_count: inClass(3),
      client_error_count: inClass(4),
      server_error_count: inClass(5),
      total_count: total,
      total_bytes: wholeLeaf(totals.map(({ bytes }) => bytes)),
      avg_bytes: emptyDoubles(byWindow.length),
      endpoints: [textsIn(endpoints), ...sumsIn(endpoints)],
      statuses: [wholesIn(statuses, ({ of }) => of), ...sumsIn(statuses)],
    },
  }
}

type Lists<Of> = readonly (readonly Counted<Of>[])[]

/** How deep a value of a list lies, and one of a record in a list. */
const inList = 3
const inRecord = 4

const textLists = (lists: readonly (readonly string[])[]): LeafData => ({
  ...different(lists.flat()),
  levels: listLevels(lists, inList),
})

const textsIn = (lists: Lists<string | null>): LeafData => {
  const texts = lists.map((list) => list.map(({ of }) => of))
  return { ...different(texts.flat().filter((text) => text !== null)), levels: listLevels(texts, inRecord) }
}

const wholesIn = <Of>(lists: Lists<Of>, value: (counted: Counted<Of>) => number | bigint): LeafData => ({
  values: wholeOf(lists.flatMap((list) => list.map(value))),
  levels: listLevels(lists, inRecord),
})

const sumsIn = <Of>(lists: Lists<Of>): readonly [LeafData, LeafData] => [
  wholesIn(lists, ({ n }) => n),
  wholesIn(lists, ({ bytes }) => bytes),
]
