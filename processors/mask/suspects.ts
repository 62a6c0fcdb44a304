import { createNextPlace, createSearch, type Search } from '../vector/next-place.ts'
import { programOf } from '../vector/room.ts'

/** True where something may stand in `[start, end)`; cheapest for ranges in rising order. */
export type RangeTest = (start: number, end: number) => boolean

const longestEntity = 12

/** True for `&#46;` and `&period;`, seen from behind the `&`: what looks like one is enough. */
const isEntity = (bytes: Buffer, start: number): boolean => {
  if (bytes[start] === 35) return true
  let at = start
  while (at - start < longestEntity && isLetter(bytes[at] ?? 0)) at++
  return at > start && bytes[at] === 59
}

const isLetter = (byte: number): boolean => (byte | 32) >= 97 && (byte | 32) <= 122

/** Finds what begins an escape, and these characters. */
const searchEscapes = (bytes: Buffer, others: string): Search => {
  const search = createSearch(bytes, `&%\\${others}`)
  return createNextPlace(bytes.length, (start) => {
    let at = search(start)
    while (bytes[at] === 38 && !isEntity(bytes, at + 1)) at = search(at + 1)
    return at
  })
}

/** What tells a field. */
export interface Signs {
  /** One of these characters is enough; at most one in all. */
  readonly character?: '@'
  readonly test?: (bytes: Buffer) => RangeTest
}

/** Finds in the bytes of a chunk the fields that may have to be changed; false is certain. An escape may hide anything. */
export const createSuspects = (bytes: Buffer, signs: readonly Signs[]): RangeTest => {
  const standsOut = searchEscapes(bytes, signs.find(({ character }) => character !== undefined)?.character ?? '')
  const tests = signs.flatMap(({ test }) => test?.(bytes) ?? [])
  const [first = never, second = never, ...others] = tests
  return (start, end) =>
    standsOut(start) < end ||
    first(start, end) ||
    second(start, end) ||
    (others.length > 0 && others.some((test) => test(start, end)))
}

const never: RangeTest = () => false

/** The shortest address without `::` has seven characters: 1.2.3.4. */
const shortest = 7

const isAddressByte = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(/[0-9a-fA-F:.-]/.test(String.fromCharCode(byte))),
)

/** With `lastOctetOnly` (an IPv4 prefix of 24) a quad that ends in 0 is masked already: browsers name themselves so. */
export const mayHoldAddress =
  (lastOctetOnly: boolean) =>
  (bytes: Buffer): RangeTest => {
    const findMark = programOf(bytes)?.findMarks ?? ((at: number, end: number) => findMarkIn(bytes, at, end))
    return (start, end) => {
      for (let at = findMark(start, end); at < end; ) {
        if (bytes[at] === colon && bytes[at + 1] === colon) return true
        let left = at
        while (left > start && isAddressByte[bytes[left - 1] ?? 0] === 1) left--
        let right = at + 1
        while (right < end && isAddressByte[bytes[right] ?? 0] === 1) right++
        if (right - left >= shortest && isSuspectRun(bytes, left, right, end, lastOctetOnly)) return true
        at = findMark(nextGap(bytes, at + 1, right), end)
      }
      return false
    }
  }

const colon = 58

const findMarkIn = (bytes: Uint8Array, start: number, end: number): number => {
  let at = start
  while (at < end && bytes[at] !== 46 && bytes[at] !== 45 && bytes[at] !== colon) at++
  return at
}

/** The first of two colons side by side within a run that is no address, or the end of the run. */
const nextGap = (bytes: Uint8Array, start: number, end: number): number => {
  for (let at = start; at < end; at++) if (bytes[at] === colon && bytes[at + 1] === colon) return at
  return end
}

/** Bytes behind a quad that may make it a reverse name, of which another octet goes. */
const isReverse = (byte: number): boolean => (byte | 32) === 105

/** True when a run of address characters has four numbers of at most three digits (IPv4) or six colons (IPv6, perhaps with a dotted tail). */
const isSuspectRun = (bytes: Uint8Array, from: number, to: number, end: number, lastOctetOnly: boolean): boolean => {
  const forgiving = lastOctetOnly && !(to < end && isReverse(bytes[to] ?? 0))
  let numbers = 0
  let colons = 0
  let digits = 0
  let zero = false
  for (let i = from; i <= to; i++) {
    const code = i < to ? (bytes[i] ?? 0) : 46
    if (code >= 48 && code <= 57) {
      digits += 1
      zero = digits === 1 && code === 48
      continue
    }
    numbers = digits > 0 && digits <= 3 ? numbers + 1 : 0
    if (numbers >= 4 && !(forgiving && zero)) return true
    digits = 0
    if (code === 58) {
      colons += 1
      if (colons >= 6) return true
    }
    if (code !== 46 && code !== 45) numbers = 0
  }
  return false
}
