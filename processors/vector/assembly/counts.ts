// Lines one behind another counted by window, status and request, as far as no rule can meet them.

import {
  agentColumn,
  clientEndAt,
  clientStartAt,
  countEntriesAt,
  countEntryBytes,
  countedRowsAt,
  countHeadAt,
  countSlots,
  countSlotsAt,
  endpointEndAt,
  fitsAnyRest,
  fitsNoIdent,
  harmlessReferersAt,
  harmlessTargetsAt,
  joinedAt,
  loginFilterAt,
  loginFilterBytes,
  methodStartAt,
  mostCounts,
  mostNumbers,
  mostRecords,
  nextAt,
  oddQueryAt,
  pathColumn,
  pathEndAt,
  pathStartAt,
  recordBytes,
  recordsAt,
  refererColumn,
  requestAttackBit,
  requestLoginBit,
  requestsAt,
  requestUnservedBit,
  restAt,
  secondAt,
  sizeAt,
  slotAgent,
  slotReferer,
  slotsAt,
  statusAt,
} from '../layout'
import { areaAt, byteAt } from './bytes'
import { numberOf } from './numbers'
import { scanLine } from './scan'
import { findAny } from './search'

/** Sizes from here on are for sums that are exact whatever they hold. */
const largeSize: f64 = 4294967296

/** The next place of a byte that an attack in a referer or an agent has. */
let needle: i32 = -1

/** Forgets every count. */
export function beginCounts(): void {
  needle = -1
  store<i32>(areaAt(countHeadAt), 0)
  memory.fill(areaAt(requestsAt), 0, mostNumbers * 4)
  memory.fill(areaAt(harmlessTargetsAt), 0, mostNumbers)
  memory.fill(areaAt(harmlessReferersAt), 0, mostNumbers)
  memory.fill(areaAt(countSlotsAt), 0, countSlots * 4)
  memory.fill(areaAt(loginFilterAt), 0, loginFilterBytes)
}

/**
 * Counts lines from `from` on, at most so many, until one does not fit the table, is of another window than the one that begins at
 * `window`, or may meet a rule; the place behind the last. `kind` is the place of the window, a thousand times.
 */
export function countLines(
  from: i32,
  length: i32,
  table: i32,
  high: i32,
  fits: i32,
  window: f64,
  seconds: f64,
  kind: i32,
  most: i32,
): i32 {
  const line = areaAt(recordsAt + mostRecords * recordBytes)
  let count = 0
  let at = from
  while (count < most && at < length && scanLine(line, at, at, length, areaAt(table), high)) {
    if (load<i32>(line, restAt) !== 0 && (fits & fitsAnyRest) === 0) break
    if ((fits & fitsNoIdent) !== 0) {
      const end = load<i32>(line, clientEndAt)
      if (byteAt(end + 1) !== 45 || byteAt(end + 2) !== 32) break
    }
    const second = load<f64>(line, secondAt)
    if (second < window || second >= window + seconds || load<i32>(line, joinedAt) === 0) break
    if (!countLine(line, length, window, kind)) break
    count += 1
    at = load<i32>(line, nextAt)
  }
  store<i32>(areaAt(countedRowsAt), count)
  return at
}

function countLine(line: i32, length: i32, window: f64, kind: i32): bool {
  const status = load<i32>(line, statusAt)
  if (status >= 500 || status === 401 || status === 403) return false
  const number = numberOf(pathColumn, load<i32>(line, methodStartAt), load<i32>(line, endpointEndAt))
  if (number < 0) return false
  const request = load<i32>(areaAt(requestsAt) + number * 4)
  if (request === 0 || (request & requestAttackBit) !== 0) return false
  if (status >= 400 && (request & (requestUnservedBit | requestLoginBit)) !== 0) return false
  if (load<i32>(line, oddQueryAt) !== 0) {
    const target = numberOf(agentColumn, load<i32>(line, pathStartAt), load<i32>(line, pathEndAt))
    if (target < 0 || load<u8>(areaAt(harmlessTargetsAt) + target) === 0) return false
  }
  if (mayHoldAttack(line, length)) return false
  if (status >= 200 && status < 400 && mayHaveFailed(line, window)) return false
  let size = load<f64>(line, sizeAt)
  if (size < 0) size = 0
  return size < largeSize && add(request >> 4, kind + status, size)
}

/** True where a referer or an agent holds what hardly any does but attacks: `{`, `<` or an apostrophe, and an escape in a referer. */
function mayHoldAttack(line: i32, length: i32): bool {
  const referer = line + slotsAt + (slotReferer - 1) * 8
  const agent = line + slotsAt + (slotAgent - 1) * 8
  const refererStart = load<i32>(referer)
  const refererEnd = load<i32>(referer, 4)
  const start = min(refererStart, load<i32>(agent))
  const end = max(refererEnd, load<i32>(agent, 4))
  if (needle < start) needle = findAny(start, length, 123, 60, 39, 39)
  if (needle < end) return true
  if (findAny(refererStart, refererEnd, 37, 37, 37, 37) >= refererEnd) return false
  const number = numberOf(refererColumn, refererStart, refererEnd)
  return number < 0 || load<u8>(areaAt(harmlessReferersAt) + number) === 0
}

/** False only if no client with this mark has a failed login in the window. */
function mayHaveFailed(line: i32, window: f64): bool {
  const end = load<i32>(line, clientEndAt)
  let hash: i32 = 0
  for (let i = max(load<i32>(line, clientStartAt), end - 8); i < end; i++) hash = hash * 31 + byteAt(i)
  const mark = <i32>(<u32>(hash * <i32>0x9e3779b1) >>> 16)
  const bit = <u32>((<i32>(<i64>window) * <i32>0x85ebca6b) ^ (mark * <i32>0x9e3779b1)) >>> 11
  return (load<u8>(areaAt(loginFilterAt) + (bit >> 3)) & (1 << (bit & 7))) !== 0
}

/** An entry is a request, a window with a status, how many there are, and their bytes. */
function add(request: i32, kind: i32, size: f64): bool {
  const slots = areaAt(countSlotsAt)
  let hash = (request * <i32>0x9e3779b1) ^ (kind * <i32>0x85ebca6b)
  hash ^= hash >>> 15
  let slot = hash & (countSlots - 1)
  for (;;) {
    const id = load<i32>(slots + slot * 4)
    if (id === 0) break
    const entry = areaAt(countEntriesAt) + (id - 1) * countEntryBytes
    if (load<i32>(entry) === request && load<i32>(entry, 4) === kind) {
      store<i32>(entry, load<i32>(entry, 8) + 1, 8)
      store<f64>(entry, load<f64>(entry, 16) + size, 16)
      return true
    }
    slot = (slot + 1) & (countSlots - 1)
  }
  const count = load<i32>(areaAt(countHeadAt))
  if (count === mostCounts) return false
  const entry = areaAt(countEntriesAt) + count * countEntryBytes
  store<i32>(entry, request)
  store<i32>(entry, kind, 4)
  store<i32>(entry, 1, 8)
  store<f64>(entry, size, 16)
  store<i32>(slots + slot * 4, count + 1)
  store<i32>(areaAt(countHeadAt), count + 1)
  return true
}
