import * as layout from '../vector/layout.ts'
import type { TextList } from './dictionary.ts'
import type { Rows } from './rows.ts'
import type { Texts } from './texts.ts'

/** How the rows of a column come to the texts that are written. */
export interface TextSource {
  /** By row the number of its text, or less than 0: `isNull`, or `isOwn` and less for a text of its own. Valid until the next call. */
  numbers(rows: Rows): Int32Array
  /** Different texts up to now. */
  count(): number
  textAt(number: number): Buffer
  /** The text of a row among those of the last call, if it has one. */
  textOf(rows: Rows, row: number): Buffer | undefined
  /** Whether a row of the last call has a text. */
  hasText(rows: Rows, row: number): boolean
  /** What became of a text that had a number in the log. */
  written(number: number): Buffer | undefined
  list(): TextList
}

/** Texts as they stand in the log. */
export const asWritten = (texts: Texts, column: number): TextSource => ({
  numbers: ({ values }) => values[column] ?? nothing,
  count: () => texts.count(column),
  textAt: (number) => texts.textAt(column, number),
  textOf: (rows, row) => {
    const value = rows.values[column]?.[row] ?? layout.isNull
    if (value >= 0) return texts.textAt(column, value)
    return value <= layout.isOwn ? ownText(rows, value) : undefined
  },
  hasText: ({ values }, row) => values[column]?.[row] !== layout.isNull,
  written: (number) => texts.textAt(column, number),
  list: () => texts.list(column),
})

/** No texts. */
export const noTexts: TextSource = {
  numbers: ({ count }) => new Int32Array(count).fill(layout.isNull),
  count: () => 0,
  textAt: () => Buffer.alloc(0),
  textOf: () => undefined,
  hasText: () => false,
  written: () => undefined,
  list: () => ({ texts: Buffer.alloc(0), ends: nothing }),
}

/** The text for which a row has this value, which is `isOwn` or less. */
export const ownText = ({ bytes, own, odd }: Rows, value: number): Buffer => {
  const at = 2 * (layout.isOwn - value)
  const start = own[at] ?? 0
  const end = own[at + 1] ?? 0
  return end < 0 ? Buffer.from(odd[start] ?? '') : bytes.subarray(start, end)
}

const nothing = new Int32Array(0)
