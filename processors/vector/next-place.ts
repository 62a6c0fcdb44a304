import { programOf } from './room.ts'

/** The first place in `[start, end)` at which something is found, or -1. */
export type FindPlace = (start: number, end: number) => number

/**
 * Keeps the place that was found last, so that ranges asked for in rising order are searched once. Some formats have their fields
 * in another order: then only what lies before the last start is searched again.
 */
export const createNextPlace = (length: number, find: FindPlace): ((start: number) => number) => {
  let from = 0
  let place = -1
  return (start) => {
    if (place < start) {
      const found = find(start, length)
      place = found < 0 ? length : found
    } else if (start < from) {
      const found = find(start, from)
      if (found >= 0 && found < from) place = found
    } else return place
    from = start
    return place
  }
}

/** The first place in `[start, end)` of a byte or of some bytes that ends before `end`, or -1. */
const findIn = (bytes: Buffer, wanted: number | Buffer, start: number, end: number): number => {
  if (end === bytes.length) return bytes.indexOf(wanted, start)
  const found = bytes.subarray(start, end).indexOf(wanted)
  return found < 0 ? -1 : start + found
}

/** Gives the first place from a start on where something begins, or the end of the bytes. */
export type Search = (start: number) => number

/** Finds one of up to four ASCII characters, sixteen bytes at a time where the bytes allow it. */
export const createSearch = (bytes: Buffer, characters: string, length = bytes.length): Search => {
  const vector = programOf(bytes)
  const codes = [...characters].map((character) => character.charCodeAt(0))
  const [a = 0, b = a, c = a, d = a] = codes
  if (vector !== undefined) return createNextPlace(length, (start, end) => vector.findAny(start, end, a, b, c, d))
  const each = codes.map((code) => createNextPlace(length, (start, end) => findIn(bytes, code, start, end)))
  return (start) => Math.min(...each.map((search) => search(start)))
}
