/** A text as UTF-16 code units: escapes are read and undone in it without making strings. */
export type Codes = Uint16Array

/** An escape that was read: its length and the code unit that it stands for; 0 when there is none. */
type Escape = number

const pack = (length: number, code: number): Escape => length * 65_536 + code
export const lengthOf = (read: Escape): number => read >>> 16
export const codeOf = (read: Escape): number => read & 0xffff

const names: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  colon: ':',
  commat: '@',
  dash: '-',
  equals: '=',
  gt: '>',
  hyphen: '-',
  lt: '<',
  num: '#',
  percnt: '%',
  period: '.',
  quest: '?',
  quot: '"',
  semi: ';',
  sol: '/',
}

/** Characters of the longest escape, `&#x0010ffff;`. */
const longest = 12

/** Stands for what is no character of ASCII: no byte of a longer character is looked at. */
const other = 0xfffd

const hexOf = (code: number): number => {
  if (code >= 48 && code <= 57) return code - 48
  const lower = code | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

/** The value of `[from, to)` in this base, or -1. */
const readNumber = (codes: Codes, from: number, to: number, base: number): number => {
  if (from >= to) return -1
  let value = 0
  for (let i = from; i < to; i++) {
    const digit = hexOf(codes[i] ?? 0)
    if (digit < 0 || digit >= base) return -1
    value = value * base + digit
  }
  return value
}

const made = (length: number, value: number): Escape =>
  value < 0 ? 0 : pack(length, value < 128 || (value >= 160 && value < 0xd800) ? value : other)

const fixed = (codes: Codes, at: number, end: number, head: number, digits: number, base: number): Escape => {
  const to = at + head + digits
  return to > end ? 0 : made(head + digits, readNumber(codes, at + head, to, base))
}

/** The escape that begins at this place: `%HH`, `%uHHHH`, `\xHH`, `\uHHHH`, `\ooo`, `\"`, `&#N;`, `&#xH;`, `&name;`. */
export const readEscape = (codes: Codes, at: number, end: number): Escape => {
  const next = at + 1 < end ? (codes[at + 1] ?? 0) : 0
  switch (codes[at]) {
    case 37:
      return next === 117 || next === 85 ? fixed(codes, at, end, 2, 4, 16) : fixed(codes, at, end, 1, 2, 16)
    case 92:
      return readBackslash(codes, at, end, next)
    case 38:
      return readEntity(codes, at, end, next)
    default:
      return 0
  }
}

const readBackslash = (codes: Codes, at: number, end: number, next: number): Escape => {
  if (next === 120 || next === 88) return fixed(codes, at, end, 2, 2, 16)
  if (next === 117 || next === 85) return fixed(codes, at, end, 2, 4, 16)
  if (next >= 48 && next <= 51) return fixed(codes, at, end, 1, 3, 8)
  const isLetter = (next | 32) >= 97 && (next | 32) <= 122
  const isDigit = next >= 48 && next <= 57
  return next > 32 && next < 127 && !isLetter && !isDigit ? pack(2, next) : 0
}

const readEntity = (codes: Codes, at: number, end: number, next: number): Escape => {
  let stop = at + 1
  const limit = Math.min(end, at + longest)
  while (stop < limit && codes[stop] !== 59) stop++
  if (stop >= limit) return 0
  const length = stop + 1 - at
  if (next !== 35) {
    const character = names[String.fromCharCode(...codes.subarray(at + 1, stop))]
    return character === undefined ? 0 : pack(length, character.charCodeAt(0))
  }
  const hex = ((codes[at + 2] ?? 0) | 32) === 120
  return made(length, readNumber(codes, at + (hex ? 3 : 2), stop, hex ? 16 : 10))
}

const backslash = 92

/** The place before `end` where an escape begins that ends there, or -1. */
export const escapeBefore = (codes: Codes, end: number): number => {
  const last = codes[end - 1] ?? 0
  const ends = (at: number): boolean => at >= 0 && lengthOf(readEscape(codes, at, end)) === end - at
  if (hexOf(last) >= 0) for (const length of [3, 4, 6]) if (ends(end - length)) return end - length
  if (last === 59)
    for (let at = end - 2; at >= Math.max(0, end - longest); at--) if (codes[at] === 38) return ends(at) ? at : -1
  return end >= 2 && codes[end - 2] === backslash && ends(end - 2) ? end - 2 : -1
}
