// Fields behind those of a format, as a number that says of what kinds they are.

import { addressBit } from '../layout'
import { byteAt, classOf, endOfWord, isDigit } from './bytes'
import { findStop } from './search'

const kindQuoted: u32 = 1
const kindDash: u32 = 2
const kindEmpty: u32 = 3
const kindBrackets: u32 = 4
const kindWord: u32 = 5
const kindDuration: u32 = 6
const kindMilliseconds: u32 = 7
const kindAddress: u32 = 8

/** What `skipRest` met. */
let signature: u32 = 0
let uncertain: bool = false

export function restSignature(): u32 {
  return signature
}

export function isRestUncertain(): bool {
  return uncertain
}

function add(kind: u32): void {
  if (kind === 0) uncertain = true
  signature = signature * 31 + kind
}

/** The place behind all fields that stand at `from`, each behind a blank or a tab; -1 where the exact rules must decide. */
export function skipRest(from: i32, high: i32): i32 {
  signature = 0
  uncertain = false
  let at = from
  while (byteAt(at) === 32 || byteAt(at) === 9) {
    const code = byteAt(at + 1)
    if (code === 34) {
      const end = findStop(at + 2, high)
      if (byteAt(end) !== 34) return -1
      add(kindOfQuoted(at + 2, end))
      at = end + 1
    } else if (code === 91) {
      at += 2
      while (byteAt(at) >= 32 && byteAt(at) !== 93) at += 1
      if (byteAt(at) !== 93) return -1
      add(kindBrackets)
      at += 1
    } else {
      const end = endOfWord(at + 1, 32)
      if (end === at + 1) return -1
      add(kindOfWord(at + 1, end))
      at = end
    }
  }
  return at
}

/** What stands between two quotes; 0 where only the exact rules know whether it is an address. */
function kindOfQuoted(start: i32, end: i32): u32 {
  if (start === end) return kindEmpty
  if (end - start === 1 && byteAt(start) === 45) return kindDash
  let dots = 0
  let marks = 0
  let zoned = false
  for (let at = start; at < end; at++) {
    const code = byteAt(at)
    // a zone has any name
    if ((classOf(code) & addressBit) === 0 && !zoned) return kindQuoted
    if (code === 37) zoned = true
    if (code === 46) dots += 1
    else if (code === 58 || code === 117) marks += 1
  }
  if (dots < 3 && marks === 0) return kindQuoted
  return isIpv4(start, end) ? kindAddress : 0
}

/** True for four numbers of one to three digits, perhaps with a port. */
function isIpv4(start: i32, end: i32): bool {
  let at = start
  for (let number = 0; number < 4; number++) {
    if (number > 0) {
      if (byteAt(at) !== 46) return false
      at += 1
    }
    const from = at
    while (at < end && isDigit(byteAt(at))) at += 1
    if (at === from || at > from + 3) return false
  }
  if (at === end) return true
  if (byteAt(at) !== 58 || at + 1 === end) return false
  for (at += 1; at < end; at++) if (!isDigit(byteAt(at))) return false
  return true
}

function kindOfWord(start: i32, end: i32): u32 {
  if (end - start === 1 && byteAt(start) === 45) return kindDuration
  let at = byteAt(start) === 43 ? start + 1 : start
  const digits = at
  while (at < end && (isDigit(byteAt(at)) || byteAt(at) === 46)) at += 1
  if (at === digits) return kindWord
  if (at === end) return kindDuration
  if (byteAt(end - 1) !== 115) return kindWord
  if (at === end - 1) return kindDuration
  if (at !== end - 2) return kindWord
  const before = byteAt(end - 2)
  return before === 109 ? kindMilliseconds : before === 117 || before === 110 ? kindDuration : kindWord
}
