import type { ColumnPages, ColumnWriter } from '../parquet/column.ts'
import { hasFullAddress } from '../pass/full-addresses.ts'
import * as layout from '../vector/layout.ts'
import { type FindPresent, leastOf } from './levels.ts'
import type { Rows } from './rows.ts'
import type { TextSource } from './text-source.ts'

export interface TextColumn {
  /** Marks the rows in which a full address stands. */
  add(rows: Rows, isFull: Uint8Array): void
  end(): ColumnPages
}

/** Writes the texts of a column: by their numbers, or one by one where many rows have one of their own. */
export const beginTexts = (writer: ColumnWriter, source: TextSource, presence: FindPresent): TextColumn => {
  let full = new Uint8Array(256)
  let known = 0
  let anyFull = false
  let anyNumbers = false

  const findFull = (): void => {
    const count = source.count()
    if (count > full.length) {
      const wider = new Uint8Array(2 * count)
      wider.set(full)
      full = wider
    }
    for (; known < count; known++) {
      if (!hasFullAddress(source.textAt(known).toString('latin1'))) continue
      full[known] = 1
      anyFull = true
    }
  }

  const addOneByOne = (rows: Rows, isFull: Uint8Array): void => {
    const texts: Buffer[] = []
    const numbers = new Int32Array(rows.count)
    let length = 0
    for (let row = 0; row < rows.count; row++) {
      const text = source.textOf(rows, row)
      numbers[row] = text === undefined ? layout.isNull : 0
      if (text === undefined) continue
      if (hasFullAddress(text.toString('latin1'))) isFull[row] = 1
      texts.push(text)
      length += 4 + text.length
    }
    const { levels } = presence(numbers, rows.count)
    writer.addValues(listOf(texts, length), levels)
  }

  return {
    add: (rows, isFull) => {
      const numbers = source.numbers(rows)
      if (leastOf(numbers, rows.count) <= layout.isOwn) {
        addOneByOne(rows, isFull)
        return
      }
      findFull()
      if (anyFull) for (let row = 0; row < rows.count; row++) if (full[numbers[row] ?? -1] === 1) isFull[row] = 1
      const { levels, numbers: there } = presence(numbers, rows.count)
      anyNumbers = true
      writer.addNumbers(there, levels, source.count())
    },
    end: () => writer.end(anyNumbers ? source.list() : undefined),
  }
}

const listOf = (given: readonly Buffer[], length: number) => {
  const texts = Buffer.allocUnsafe(length)
  const ends = new Int32Array(given.length)
  let at = 0
  for (const [i, text] of given.entries()) {
    at = texts.writeUInt32LE(text.length, at)
    texts.set(text, at)
    at += text.length
    ends[i] = at
  }
  return { texts, ends }
}
