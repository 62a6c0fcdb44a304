import { alertLevel, statusCategory } from '../../src/core/status.ts'
import type { ColumnPages, ColumnWriter } from '../parquet/column.ts'
import { textsOf, wholeOf } from '../parquet/values.ts'
import * as layout from '../vector/layout.ts'
import { grown } from './dictionary.ts'
import { allPresent } from './levels.ts'
import type { Rows } from './rows.ts'
import type { Scratch } from './scratch.ts'
import { ownText } from './text-source.ts'
import type { Texts } from './texts.ts'

/** A column that takes block after block. */
export interface RowsColumn {
  add(rows: Rows): void
  end(): ColumnPages
}

/** Values that follow from the status, of which each different one is written once. */
const beginFew = <Value>(
  writer: ColumnWriter,
  scratch: Scratch,
  of: (status: number) => Value,
  end: (values: readonly Value[]) => ColumnPages,
): RowsColumn => {
  const values: Value[] = []
  const known = new Int32Array(1_000).fill(-1)
  const numbers = scratch.numbers('few')
  const numberOf = (status: number): number => {
    const value = of(status)
    const place = values.indexOf(value)
    return place < 0 ? values.push(value) - 1 : place
  }
  return {
    add: ({ count, statuses }) => {
      for (let row = 0; row < count; row++) {
        const status = statuses[row] ?? 0
        const number = known[status] ?? -1
        numbers[row] = number < 0 ? numberOf(status) : number
        if (number < 0) known[status] = numbers[row] ?? 0
      }
      const levels = allPresent(count)
      writer.addNumbers(numbers.subarray(0, count), levels, values.length)
    },
    end: () => end(values),
  }
}

export const beginStatus = (writer: ColumnWriter, scratch: Scratch): RowsColumn =>
  beginFew(
    writer,
    scratch,
    (status) => status,
    (values) => writer.end(wholeOf(values)),
  )

export const beginLevels = (writer: ColumnWriter, scratch: Scratch): RowsColumn =>
  beginFew(writer, scratch, alertLevel, (values) => writer.end(textsOf(values)))

export const beginCategories = (writer: ColumnWriter, scratch: Scratch): RowsColumn =>
  beginFew(writer, scratch, statusCategory, (values) => writer.end(textsOf(values)))

/** Sizes by their digits. */
export const beginSizes = (writer: ColumnWriter, texts: Texts, { presence, numbers: take }: Scratch): RowsColumn => {
  const values: bigint[] = []
  const numbers = take('sizes')
  let next = new Int32Array(256)
  let known = 0
  let zero = -1
  let anyNumbers = false

  const numberOf = (text: Buffer): number => values.push(BigInt(text.toString('latin1'))) - 1

  const numberOthers = (): void => {
    const count = texts.count(layout.sizeColumn)
    if (count > next.length) next = grown(next, 2 * count)
    for (; known < count; known++) next[known] = numberOf(texts.textAt(layout.sizeColumn, known))
  }

  const numberOfRow = (rows: Rows, value: number): number => {
    if (value === layout.isNull) return layout.isNull
    if (value !== layout.isZero) return numberOf(ownText(rows, value))
    if (zero < 0) zero = values.push(0n) - 1
    return zero
  }

  return {
    add: (rows) => {
      numberOthers()
      const given = rows.values[layout.sizeColumn] ?? numbers
      const before = values.length
      for (let row = 0; row < rows.count; row++) {
        const value = given[row] ?? layout.isNull
        numbers[row] = value >= 0 ? (next[value] ?? 0) : numberOfRow(rows, value)
      }
      const { levels, numbers: there } = presence(numbers, rows.count)
      if (values.length - before < mostNew) {
        anyNumbers = true
        writer.addNumbers(there, levels, values.length)
        return
      }
      writer.addValues({ whole: BigInt64Array.from(there, (number) => values[number] ?? 0n) }, levels)
      values.length = before
      if (zero >= before) zero = -1
    },
    end: () => writer.end(anyNumbers ? wholeOf(values) : undefined),
  }
}

/** From so many sizes of its own on a block says each of them in full. */
const mostNew = 1_000

export const beginTimes = (writer: ColumnWriter): RowsColumn => ({
  add: ({ times, count }) => writer.addValues({ whole: times.subarray(0, count) }, allPresent(count)),
  end: () => writer.end(),
})

export const beginDurations = (writer: ColumnWriter, { presence, numbers: take }: Scratch): RowsColumn => {
  const numbers = take('few')
  return {
    add: ({ durations, count }) => {
      for (let row = 0; row < count; row++) numbers[row] = (durations[row] ?? -1) < 0 ? layout.isNull : row
      const { levels, numbers: there } = presence(numbers, count)
      const doubles =
        levels.present === count ? durations.subarray(0, count) : Float64Array.from(there, (row) => durations[row] ?? 0)
      writer.addValues({ doubles }, levels)
    },
    end: () => writer.end(),
  }
}
