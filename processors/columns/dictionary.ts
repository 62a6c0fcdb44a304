import * as layout from '../vector/layout.ts'

/** Texts one behind another, each behind its length of four bytes, and where each ends. */
export interface TextList {
  readonly texts: Buffer
  readonly ends: Int32Array
}

/** Different texts of a column, numbered from 0 on. */
export interface Dictionary {
  /** The number of a text that is new, or -1 where it does not fit. */
  add(text: Uint8Array): number
  /** The number of a text, new or not. */
  once(text: Buffer): number
  count(): number
  textAt(number: number): Buffer
  /** Valid until the next text comes. */
  list(): TextList
}

export const createDictionary = (): Dictionary => {
  const known = new Map<string, number>()
  let texts = Buffer.allocUnsafe(4096)
  let ends = new Int32Array(256)
  let count = 0
  let length = 0

  const add = (text: Uint8Array): number => {
    const end = length + 4 + text.length
    if (count === layout.mostNumbers || end > layout.mostTextBytes) return -1
    if (end > texts.length) texts = Buffer.concat([texts], Math.max(end, 2 * texts.length))
    if (count === ends.length) ends = grown(ends, 2 * count)
    texts.writeUInt32LE(text.length, length)
    texts.set(text, length + 4)
    ends[count] = end
    length = end
    count += 1
    return count - 1
  }

  return {
    add,
    once: (text) => {
      const key = text.toString('latin1')
      const number = known.get(key)
      if (number !== undefined) return number
      const made = add(text)
      if (made >= 0) known.set(key, made)
      return made
    },
    count: () => count,
    textAt: (number) => texts.subarray((number === 0 ? 0 : (ends[number - 1] ?? 0)) + 4, ends[number]),
    list: () => ({ texts: texts.subarray(0, length), ends: ends.subarray(0, count) }),
  }
}

/** The same numbers with room for more. */
export const grown = (numbers: Int32Array, length: number): Int32Array<ArrayBuffer> => {
  const wider = new Int32Array(length)
  wider.set(numbers)
  return wider
}
