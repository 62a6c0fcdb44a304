// Equal texts of a column have one number, told from chunk to chunk anew.

import {
  columnCount,
  entriesAt,
  entryBytes,
  fewestSlots,
  headBytes,
  headCountAt,
  headFullAt,
  headLastAt,
  headsAt,
  headTextAt,
  messageBytes,
  messageColumn,
  messagesAt,
  mostNumbers,
  mostTextBytes,
  ownCountAt,
  rowCountAt,
  scratchAt,
  slotBytes,
  slotsOfTexts,
  slotsOfTextsAt,
  textsAt,
} from '../layout'
import { areaAt } from './bytes'

/** One less than how many slots are in use, a power of two. */
let slotMask: i32 = 0
/** Texts of all columns. */
let total: i32 = 0

/** Forgets every text and every row. */
export function beginNumbers(): void {
  slotMask = fewestSlots - 1
  total = 0
  memory.fill(areaAt(headsAt), 0, columnCount * headBytes)
  memory.fill(areaAt(slotsOfTextsAt), 0, fewestSlots * slotBytes)
  memory.fill(areaAt(messagesAt), 0, mostNumbers * messageBytes)
  store<i32>(areaAt(rowCountAt), 0)
  store<i32>(areaAt(ownCountAt), 0)
}

/** Few slots stay in the processor's cache, so there are never many more than texts. */
function addSlots(): void {
  slotMask = slotMask * 2 + 1
  memory.fill(areaAt(slotsOfTextsAt), 0, (slotMask + 1) * slotBytes)
  for (let column = 0; column < columnCount; column++) {
    const count = load<i32>(areaAt(headsAt + column * headBytes), headCountAt)
    for (let number = 0; number < count; number++) {
      const entry = areaAt(entriesAt) + (column * mostNumbers + number) * entryBytes
      const hash = hashOf(load<i32>(entry), load<i32>(entry, 4), column)
      let slot = <i32>hash & slotMask
      while (load<i32>(slotAt(slot), 4) !== 0) slot = (slot + 1) & slotMask
      fill(slotAt(slot), <u32>(hash >> 32), load<i32>(entry), load<i32>(entry, 4), number)
    }
  }
}

function slotAt(slot: i32): i32 {
  return areaAt(slotsOfTextsAt) + slot * slotBytes
}

function fill(slot: i32, tag: u32, text: i32, length: i32, number: i32): void {
  store<u32>(slot, tag)
  store<i32>(slot, text, 4)
  store<i32>(slot, length, 8)
  store<i32>(slot, number, 12)
}

function mix(value: u64): u64 {
  let hash = value
  hash ^= hash >> 32
  hash *= 0x9e3779b97f4a7c15
  return hash ^ (hash >> 29)
}

const odd1: u64 = 0x9e3779b97f4a7c15
const odd2: u64 = 0xe7037ed1a0b428db

function hashOf(at: i32, length: i32, column: i32): u64 {
  let hash: u64 = (<u64>length + ((<u64>column) << 32)) * odd2
  let i = 0
  if (length >= 32) {
    // two at once: a multiplication takes as long as many of them
    let other: u64 = odd1
    for (; i + 16 <= length; i += 16) {
      hash = (hash ^ load<u64>(at + i)) * odd1
      other = (other ^ load<u64>(at + i, 8)) * odd2
      hash ^= hash >> 31
      other ^= other >> 29
    }
    hash ^= other * odd1
  }
  for (; i + 8 <= length; i += 8) {
    hash = (hash ^ load<u64>(at + i)) * odd1
    hash ^= hash >> 31
  }
  const rest = length - i
  // never more than the text has
  if (rest > 0) hash = (hash ^ tailOf(at + i, rest)) * odd1
  return mix(hash)
}

function tailOf(at: i32, length: i32): u64 {
  if (length >= 4) return <u64>load<u32>(at) | ((<u64>load<u32>(at + length - 4)) << 32)
  return <u64>load<u8>(at) | ((<u64>load<u8>(at + (length >> 1))) << 8) | ((<u64>load<u8>(at + length - 1)) << 16)
}

function isSame(a: i32, b: i32, length: i32): bool {
  let i = 0
  for (; i + 16 <= length; i += 16) if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false
  for (; i + 4 <= length; i += 4) if (load<u32>(a + i) !== load<u32>(b + i)) return false
  for (; i < length; i++) if (load<u8>(a + i) !== load<u8>(b + i)) return false
  return true
}

/** The number of `[from, to)` in its column, or -1 once it has too many different values. */
export function numberOf(column: i32, from: i32, to: i32): i32 {
  const head = areaAt(headsAt + column * headBytes)
  if (load<i32>(head, headFullAt) !== 0) return -1
  const length = to - from
  const hash = hashOf(from, length, column)
  const tag = <u32>(hash >> 32)
  const texts = areaAt(textsAt + column * mostTextBytes)
  let slot = <i32>hash & slotMask
  for (;;) {
    const at = slotAt(slot)
    const text = load<i32>(at, 4)
    if (text === 0) break
    // a text of another column does not count
    if (
      load<u32>(at) === tag &&
      load<i32>(at, 8) === length &&
      <u32>(text - texts) < <u32>mostTextBytes &&
      isSame(text, from, length)
    ) {
      const number = load<i32>(at, 12)
      store<i32>(head, number, headLastAt)
      return number
    }
    slot = (slot + 1) & slotMask
  }
  return add(head, column, from, length, slotAt(slot), tag)
}

/** The same where most values of a column are like the one before. */
export function numberOfFew(column: i32, from: i32, to: i32): i32 {
  const head = areaAt(headsAt + column * headBytes)
  if (load<i32>(head, headCountAt) > 0) {
    const last = load<i32>(head, headLastAt)
    const entry = areaAt(entriesAt) + (column * mostNumbers + last) * entryBytes
    const length = load<i32>(entry, 4)
    if (to - from === length && isSame(load<i32>(entry), from, length)) return last
  }
  return numberOf(column, from, to)
}

/** The number of what a line says in words, by the numbers of its method and path. */
export function numberOfMessage(method: i32, path: i32, status: i32): i32 {
  const last = areaAt(messagesAt) + path * messageBytes
  if (load<i32>(last) !== 0 && load<i32>(last, 4) === method && load<i32>(last, 8) === status)
    return load<i32>(last) - 1
  const key = areaAt(scratchAt)
  store<i32>(key, method)
  store<i32>(key, path, 4)
  store<i32>(key, status, 8)
  const number = numberOf(messageColumn, key, key + 12)
  store<i32>(last, number + 1)
  store<i32>(last, method, 4)
  store<i32>(last, status, 8)
  return number
}

function add(head: i32, column: i32, from: i32, length: i32, slot: i32, tag: u32): i32 {
  const number = load<i32>(head, headCountAt)
  const bytes = load<i32>(head, headTextAt)
  if (number === mostNumbers || bytes + 4 + length > mostTextBytes) {
    store<i32>(head, 1, headFullAt)
    return -1
  }
  // a length, then the text: what a dictionary page is made of
  const text = areaAt(textsAt + column * mostTextBytes + bytes)
  store<i32>(text, length)
  memory.copy(text + 4, from, length)
  const entry = areaAt(entriesAt) + (column * mostNumbers + number) * entryBytes
  store<i32>(entry, text + 4)
  store<i32>(entry, length, 4)
  fill(slot, tag, text + 4, length, number)
  store<i32>(head, number + 1, headCountAt)
  store<i32>(head, bytes + 4 + length, headTextAt)
  store<i32>(head, number, headLastAt)
  total += 1
  if (total * 3 > slotMask * 2 && slotMask + 1 < slotsOfTexts) addSlots()
  return number
}
