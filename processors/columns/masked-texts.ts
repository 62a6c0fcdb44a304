import type { Masker } from '../mask/masker.ts'
import type { RangeTest } from '../mask/suspects.ts'
import * as layout from '../vector/layout.ts'
import { createDictionary, grown } from './dictionary.ts'
import type { Rows } from './rows.ts'
import type { Scratch } from './scratch.ts'
import { ownText, type TextSource } from './text-source.ts'
import type { Texts } from './texts.ts'

export interface MaskedTexts extends TextSource {
  /** Addresses masked in all rows up to now. */
  masked(): number
}

/** What masking makes of one text; undefined for one that is not to be written. */
interface Masked {
  readonly bytes: Buffer | undefined
  readonly masked: number
}

/** Texts after masking. */
export const maskedTexts = (texts: Texts, column: number, masker: Masker, scratch: Scratch): MaskedTexts => {
  const all = (text: Buffer): Masked => masker.text(text, 0, text.length)
  return createMaskedTexts(texts, column, scratch, {
    mask: all,
    maskNew: (list, from) => {
      const suspects: RangeTest = masker.suspects(list.subarray(from))
      return (start, end) =>
        suspects(start - from, end - from)
          ? masker.text(list, start, end)
          : { bytes: list.subarray(start, end), masked: 0 }
    },
  })
}

/** The clients: networks, and nothing where one is no address. */
export const maskedClients = (texts: Texts, masker: Masker, scratch: Scratch): MaskedTexts => {
  const mask = (bytes: Buffer, start: number, end: number): Masked => {
    const { text, bytes: network, masked } = masker.host(bytes, start, end)
    return { bytes: text === null ? undefined : network, masked }
  }
  return createMaskedTexts(texts, layout.clientColumn, scratch, {
    mask: (text) => mask(text, 0, text.length),
    maskNew: (list) => (start, end) => mask(list, start, end),
  })
}

interface Masking {
  mask(text: Buffer): Masked
  /** For texts of a list that begin at a place or behind. */
  maskNew(list: Buffer, from: number): (start: number, end: number) => Masked
}

/** Each different text of the log is masked once; those that masking made the same have one number. */
const createMaskedTexts = (texts: Texts, column: number, scratch: Scratch, { mask, maskNew }: Masking): MaskedTexts => {
  const dictionary = createDictionary()
  const numbers = scratch.numbers(column)
  let next = new Int32Array(256)
  let counts = new Int32Array(256)
  let known = 0
  let from = 0
  let sum = 0
  let anyMasked = false

  const maskOthers = (): void => {
    const count = texts.count(column)
    if (count === known) return
    if (count > next.length) {
      next = grown(next, 2 * count)
      counts = grown(counts, 2 * count)
    }
    const { texts: list, ends } = texts.list(column)
    const maskAt = maskNew(list, from)
    for (; known < count; known++) {
      const end = ends[known] ?? 0
      const { bytes, masked } = maskAt(from + 4, end)
      next[known] = bytes === undefined ? layout.isNull : numberOf(bytes)
      counts[known] = masked
      if (masked > 0) anyMasked = true
      from = end
    }
  }

  const numberOf = (text: Buffer): number => {
    const number = dictionary.once(text)
    return number < 0 ? layout.isOwn : number
  }

  const ownNumber = (rows: Rows, value: number): number => {
    const { bytes, masked } = mask(ownText(rows, value))
    sum += masked
    return bytes === undefined ? layout.isNull : numberOf(bytes)
  }

  return {
    numbers: (rows) => {
      maskOthers()
      const values = rows.values[column] ?? numbers
      for (let row = 0; row < rows.count; row++) {
        const value = values[row] ?? layout.isNull
        numbers[row] = value >= 0 ? (next[value] ?? 0) : value <= layout.isOwn ? ownNumber(rows, value) : layout.isNull
      }
      if (anyMasked) for (let row = 0; row < rows.count; row++) sum += counts[values[row] ?? -1] ?? 0
      return numbers
    },
    count: dictionary.count,
    textAt: dictionary.textAt,
    textOf: (rows, row) => {
      const number = numbers[row] ?? layout.isNull
      if (number >= 0) return dictionary.textAt(number)
      if (number === layout.isNull) return undefined
      const value = rows.values[column]?.[row] ?? 0
      return mask(value >= 0 ? texts.textAt(column, value) : ownText(rows, value)).bytes
    },
    hasText: (_, row) => numbers[row] !== layout.isNull,
    written: (number) => {
      const now = next[number] ?? layout.isNull
      return now >= 0 ? dictionary.textAt(now) : mask(texts.textAt(column, number)).bytes
    },
    list: dictionary.list,
    masked: () => sum,
  }
}
