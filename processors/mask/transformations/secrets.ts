import { createSearch } from '../../vector/next-place.ts'
import type { Edit, Find } from '../rewrite.ts'
import type { RangeTest } from '../suspects.ts'
import type { Transformation } from './transformation.ts'

const word = '(secret)'

/** A name is secret where one of these stands anywhere in it. */
const anywhere = ['token', 'secret', 'passw', 'passphrase', 'session', 'sessid', 'signature', 'apikey', 'credential']
/** And where one of these is a part of it: api_key, userPwd, X-Amz-Sig. */
const parts = ['key', 'sid', 'pass', 'pwd', 'sig', 'auth', 'oauth', 'authorization', 'jwt', 'otp', 'code']
/** With one of these beside it a code is none: country_code. */
const openCodes =
  /area|bar|city|colou?r|country|coupon|currency|discount|error|http|item|lang|language|locale|post|postal|product|promo|qr|region|reply|response|sku|state|status|zip/

const namePart = /[a-z]+/g
const anywhereIn = new RegExp(anywhere.join('|'))

const isSecret = (name: string): boolean => {
  const spaced = name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()
  if (anywhereIn.test(spaced.replace(/[^a-z]/g, ''))) return true
  const found = spaced.match(namePart) ?? []
  return found.some(
    (part) => parts.includes(part) && (part !== 'code' || !found.some((other) => openCodes.test(other))),
  )
}

/** `name=` behind `?`, `&`, `;` or `#`, and what a URL says before its host. */
const beginning = /[?&;#]\s?([\w.[\]$-]{1,64})=|:\/\/([^/?#\s"'<>@:]{1,256}:[^/?#\s"'<>@]{1,256})@/g
const value = /[^&;#\s"'<>]+/y

const find: Find = ({ text }) => {
  const edits: Edit[] = []
  for (const { 0: whole, 1: name, 2: login, index } of text.matchAll(beginning)) {
    const start = index + whole.length
    if (start <= (edits.at(-1)?.end ?? 0)) continue
    if (login !== undefined) edits.push({ start: index + 3, end: start - 1, text: word })
    else if (isSecret(name ?? '')) {
      value.lastIndex = start
      const given = value.exec(text)?.[0] ?? word
      if (given !== word) edits.push({ start, end: start + given.length, text: word })
    }
  }
  return edits
}

/** Letters as bits: a name that lacks a letter of every word is not secret. */
const bitOf = (byte: number): number => {
  const letter = (byte | 32) - 97
  return letter >= 0 && letter < 26 ? 1 << letter : 0
}
const lettersOf = (text: string): number => [...text].reduce((bits, letter) => bits | bitOf(letter.charCodeAt(0)), 0)
const words = [...anywhere, ...parts].map((text) => ({ letters: lettersOf(text), bytes: Buffer.from(text) }))
/** Pairs of letters with which the words begin: most names have none of them. */
const firstPairs = new Uint8Array(1024)
for (const { bytes } of words) firstPairs[(((bytes[0] ?? 0) & 31) << 5) | ((bytes[1] ?? 0) & 31)] = 1

const isNameByte = Uint8Array.from({ length: 256 }, (_, byte) => Number(/[\w.[\]$-]/.test(String.fromCharCode(byte))))
const letterBits = Int32Array.from({ length: 256 }, (_, byte) => bitOf(byte))

/** True when a word stands in the name `[from, to)`, whose letters are these; marks within the word are skipped. */
const mayBeSecret = (bytes: Buffer, from: number, to: number, letters: number): boolean => {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    if (word !== undefined && (letters & word.letters) === word.letters && holdsWord(bytes, from, to, word.bytes))
      return true
  }
  return false
}

const holdsWord = (bytes: Buffer, from: number, to: number, word: Buffer): boolean => {
  const first = word[0] ?? 0
  for (let start = from; start < to; start++) {
    if (((bytes[start] ?? 0) | 32) !== first) continue
    let at = start + 1
    let matched = 1
    for (; at < to && matched < word.length; at++) {
      const byte = bytes[at] ?? 0
      if ((byte | 32) === word[matched]) matched += 1
      else if (letterBits[byte] !== 0) break
    }
    if (matched === word.length) return true
  }
  return false
}

const longestName = 64

const mayHoldSecret = (bytes: Buffer): RangeTest => {
  const nextEquals = createSearch(bytes, '=')
  return (start, end) => {
    for (let at = nextEquals(start); at < end; at++) {
      if (bytes[at] !== 61) continue
      let from = at
      let letters = 0
      let next = 0
      let begins = 0
      while (from > start && at - from <= longestName) {
        const byte = bytes[from - 1] ?? 0
        if (isNameByte[byte] === 0) break
        from -= 1
        const bits = letterBits[byte] ?? 0
        if (bits === 0) continue
        letters |= bits
        begins |= firstPairs[((byte & 31) << 5) | next] ?? 0
        next = byte & 31
      }
      if (begins !== 0 && mayBeSecret(bytes, from, at, letters)) return true
    }
    return false
  }
}

/** The value of a parameter whose name speaks of a secret becomes a word. */
export const secrets: Transformation = { find: () => find, signs: () => ({ character: '@', test: mayHoldSecret }) }
