import type { LeafType } from './schema.ts'

/** Values one behind another: texts, each behind its length, with the place behind each; whole numbers; or doubles. Timestamps are microseconds since 1970, UTC. */
export type Values =
  | { readonly texts: Uint8Array; readonly ends: ArrayLike<number> }
  | { readonly whole: BigInt64Array }
  | { readonly doubles: Float64Array }

/** Bytes of the length before a text. */
export const lengthBytes = 4

export const countOf = (values: Values): number =>
  'texts' in values ? values.ends.length : 'whole' in values ? values.whole.length : values.doubles.length

export const textsOf = (given: readonly string[]): Values => {
  const ends = new Int32Array(given.length)
  let length = 0
  for (const [i, text] of given.entries()) {
    length += lengthBytes + Buffer.byteLength(text)
    ends[i] = length
  }
  const texts = Buffer.allocUnsafe(length)
  let at = 0
  for (const [i, text] of given.entries()) {
    const end = ends[i] ?? 0
    texts.writeUInt32LE(end - at - lengthBytes, at)
    texts.write(text, at + lengthBytes)
    at = end
  }
  return { texts, ends }
}

export const wholeOf = (numbers: readonly (number | bigint)[]): Values => ({
  whole: BigInt64Array.from(numbers, BigInt),
})

export const doublesOf = (numbers: readonly number[]): Values => ({ doubles: Float64Array.from(numbers) })

/** The values of `[from, to)` as https://parquet.apache.org/docs/file-format/data-pages/encodings/#PLAIN has them. */
export const plainBytes = (values: Values, from = 0, to = countOf(values)): Uint8Array => {
  if ('whole' in values) return bytesOf(values.whole.subarray(from, to))
  if ('doubles' in values) return bytesOf(values.doubles.subarray(from, to))
  const { texts, ends } = values
  const start = from === 0 ? 0 : (ends[from - 1] ?? 0)
  return texts.subarray(start, to === from ? start : ends[to - 1])
}

const bytesOf = (array: BigInt64Array | Float64Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

/** The smallest and the largest of values, as a footer has them. */
export interface Range {
  readonly smallest: Uint8Array
  readonly largest: Uint8Array
}

/** Longer texts have no range: it would be most of the footer. */
const longestText = 64

/** Undefined where there is none: no value, a text that is too long, a double that is no number. */
export const rangeOf = (values: Values): Range | undefined => {
  if (countOf(values) === 0) return undefined
  if ('texts' in values) return rangeOfTexts(values.texts, values.ends)
  const array = 'whole' in values ? values.whole : values.doubles
  let smallest = 0
  let largest = 0
  for (let i = 0; i < array.length; i++) {
    const value = array[i] ?? 0
    if (Number.isNaN(value)) return undefined
    if (value < (array[smallest] ?? 0)) smallest = i
    if (value > (array[largest] ?? 0)) largest = i
  }
  return { smallest: plainBytes(values, smallest, smallest + 1), largest: plainBytes(values, largest, largest + 1) }
}

/** By their bytes, which is the order of Parquet's texts. */
const rangeOfTexts = (texts: Uint8Array, ends: ArrayLike<number>): Range | undefined => {
  const bytes = Buffer.from(texts.buffer, texts.byteOffset, texts.length)
  let smallest = bytes.subarray(lengthBytes, ends[0])
  let largest = smallest
  for (let i = 1; i < ends.length; i++) {
    const text = bytes.subarray((ends[i - 1] ?? 0) + lengthBytes, ends[i])
    if (Buffer.compare(text, smallest) < 0) smallest = text
    else if (Buffer.compare(text, largest) > 0) largest = text
  }
  return Math.max(smallest.length, largest.length) <= longestText ? { smallest, largest } : undefined
}

/** The range of all that have these; undefined where one of them has none, and of texts in several steps. */
export const rangeOfRanges = (ranges: readonly (Range | undefined)[], type: LeafType): Range | undefined => {
  const [first, ...others] = ranges
  if (first === undefined || others.length === 0) return first
  if (type === 'string' || others.includes(undefined)) return undefined
  const bytes = Buffer.concat(ranges.flatMap((range) => (range === undefined ? [] : [range.smallest, range.largest])))
  const copy = Uint8Array.from(bytes).buffer
  return rangeOf(type === 'double' ? { doubles: new Float64Array(copy) } : { whole: new BigInt64Array(copy) })
}
