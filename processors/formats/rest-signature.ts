import { isStop, mayBeAddress, wordClass } from './byte-classes.ts'
import { uncertain } from './scan-run.ts'

// What stands behind the fields of a format may make its line one of another format. What kind each field is decides that, so
// a line whose rest has kinds that the exact rules met before is of the same format as that one.

const kinds = { quoted: 1, dash: 2, empty: 3, brackets: 4, word: 5, duration: 6, milliseconds: 7, address: 8 } as const

/** The signature with one more field; fields of which only the exact rules know whether they are addresses have none: -1 for ever. */
const add = (signature: number, kind: number): number =>
  signature < 0 ? signature : (Math.imul(signature, 31) + kind) >>> 0

export const addBrackets = (signature: number): number => add(signature, kinds.brackets)

/** With the text between two quotes. */
export const addQuoted = (signature: number, bytes: Uint8Array, start: number, end: number): number => {
  if (start === end) return add(signature, kinds.empty)
  if (end - start === 1 && bytes[start] === dash) return add(signature, kinds.dash)
  let dots = 0
  let marks = 0
  let zoned = false
  for (let at = start; at < end; at++) {
    const code = bytes[at] ?? 0
    // a zone has any name
    if (!mayBeAddress(code) && !zoned) return add(signature, kinds.quoted)
    if (code === percent) zoned = true
    if (code === dot) dots += 1
    else if (code === colon || code === letterU) marks += 1
  }
  if (dots < 3 && marks === 0) return add(signature, kinds.quoted)
  return isIpv4(bytes, start, end) ? add(signature, kinds.address) : uncertain
}

/** True for four numbers of one to three digits, perhaps with a port: a list of forwarded clients by the exact rules too. */
const isIpv4 = (bytes: Uint8Array, start: number, end: number): boolean => {
  let at = start
  for (let number = 0; number < 4; number++) {
    if (number > 0 && bytes[at++] !== dot) return false
    const from = at
    while (at < end && isDigit(bytes[at] ?? 0)) at += 1
    if (at === from || at > from + 3) return false
  }
  if (at === end) return true
  if (bytes[at] !== colon || at + 1 === end) return false
  for (at += 1; at < end; at++) if (!isDigit(bytes[at] ?? 0)) return false
  return true
}

/** With a word. */
export const addWord = (signature: number, bytes: Uint8Array, start: number, end: number): number =>
  add(signature, wordKind(bytes, start, end))

const wordKind = (bytes: Uint8Array, start: number, end: number): number => {
  if (end - start === 1 && bytes[start] === dash) return kinds.duration
  let at = bytes[start] === plus ? start + 1 : start
  const digits = at
  while (at < end && isNumberByte(bytes[at] ?? 0)) at += 1
  if (at === digits) return kinds.word
  if (at === end) return kinds.duration
  const last = bytes[end - 1]
  if (last !== letterS) return kinds.word
  if (at === end - 1) return kinds.duration
  const before = bytes[end - 2]
  if (at !== end - 2) return kinds.word
  return before === letterM
    ? kinds.milliseconds
    : before === letterU || before === letterN
      ? kinds.duration
      : kinds.word
}

const dash = 45
const plus = 43
const percent = 37
const dot = 46
const colon = 58
const letterM = 109
const letterN = 110
const letterS = 115
const letterU = 117

const isDigit = (code: number): boolean => code >= 48 && code <= 57
const isNumberByte = (code: number): boolean => isDigit(code) || code === dot

/** The place where a word of plain bytes ends. */
export const endOfWord = (bytes: Uint8Array, from: number): number => {
  let at = from
  while (((wordClass[bytes[at] ?? 0] ?? isStop) & isStop) === 0) at += 1
  return at
}
