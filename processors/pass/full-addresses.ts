import { fullAddress } from '../../src/core/full-address.ts'
import { createNextPlace, createSearch, type FindPlace } from '../vector/next-place.ts'
import { programOf } from '../vector/room.ts'

const pattern = new RegExp(fullAddress, 'i')

/** True when a full address stands in a text that was written; shares nothing with the masking. */
export const hasFullAddress = (text: string): boolean =>
  pattern.test(text.includes('\\') ? text.replaceAll('\\x', '%').replaceAll('\\u00', '%') : text)

/** The same for bytes, quickly; cheapest for ranges in rising order. */
export interface FullAddressSearch {
  holds(start: number, end: number): boolean
}

/** `bytes` up to `length`. */
export const searchFullAddresses = (bytes: Buffer, length = bytes.length): FullAddressSearch => {
  const nextLikely = likelyPlaces(bytes, length)
  return {
    // no byte beyond ASCII is told from another
    holds: (start, end) => nextLikely(start) < end && hasFullAddress(bytes.toString('latin1', start, end)),
  }
}

/** Gives the first place from a start on where an address may stand. */
const likelyPlaces = (bytes: Buffer, length: number): ((start: number) => number) => {
  const address = createNextPlace(length, createAddressFinder(bytes, length))
  const nextSign = createSearch(bytes, '%\\', length)
  const escaped = createNextPlace(length, (start, end) => {
    let at = nextSign(start)
    while (at < end && bytes[at] === 37 && !isEscapedMark(bytes, at)) at = nextSign(at + 1)
    return at
  })
  return (start) => Math.min(address(start), escaped(start))
}

/** Finds the first dot of four numbers and the first colon of many, sixteen bytes at a time where the bytes allow it. */
const createAddressFinder = (bytes: Buffer, length: number): FindPlace => {
  const vector = programOf(bytes)
  const isFirst = (at: number): boolean =>
    bytes[at] === 46 ? isFirstDot(bytes, at, length) : bytes[at] === 58 && isFirstOfMany(bytes, at, length)
  if (vector !== undefined)
    return (from, to) => {
      let at = vector.findMarks(from, to)
      while (at < to && !isFirst(at)) at = vector.findMarks(at + 1, to)
      return at < to ? at : -1
    }
  return (from, to) => {
    for (let at = from; at < to; at++) if (isFirst(at)) return at
    return -1
  }
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57

/** The place behind one to three digits from `at` on, or -1. */
const skipNumber = (bytes: Uint8Array, at: number): number => {
  if (!isDigit(bytes[at])) return -1
  if (!isDigit(bytes[at + 1])) return at + 1
  if (!isDigit(bytes[at + 2])) return at + 2
  return isDigit(bytes[at + 3]) ? -1 : at + 3
}

const isFirstDot = (bytes: Uint8Array, dot: number, length: number): boolean => {
  const second = skipNumber(bytes, dot + 1)
  if (second < 0 || bytes[second] !== 46 || !isDigit(bytes[dot - 1])) return false
  const third = skipNumber(bytes, second + 1)
  if (third < 0 || bytes[third] !== 46) return false
  const end = skipNumber(bytes, third + 1)
  return end >= 0 && end <= length && !(end - third === 2 && bytes[third + 1] === 48)
}

/** True when a `%` begins a dot or a colon, however often it was escaped. */
const isEscapedMark = (bytes: Uint8Array, percent: number): boolean => {
  let at = percent + 1
  while (bytes[at] === 50 && bytes[at + 1] === 53) at += 2
  const second = (bytes[at + 1] ?? 0) | 32
  return (bytes[at] === 50 && second === 101) || (bytes[at] === 51 && second === 97)
}

const hex = Uint8Array.from({ length: 256 }, (_, byte) => Number(/[0-9a-fA-F]/.test(String.fromCharCode(byte))))

/** True for the first of two colons before a digit and for the first of seven in a run. */
const isFirstOfMany = (bytes: Uint8Array, colon: number, length: number): boolean => {
  if (bytes[colon + 1] === 58) return hex[bytes[colon + 2] ?? 0] === 1
  let colons = 1
  for (let at = colon + 1; at < length && colons < 7; at++) {
    const byte = bytes[at] ?? 0
    if (byte === 58) colons += 1
    else if (hex[byte] === 0) return false
  }
  return colons === 7
}
