import {
  emptyAt,
  endAt,
  hostedFlag,
  joinedAt,
  methodEndAt,
  nextAt,
  pathStartAt,
  peeredFlag,
  proxiedFlag,
  quadAt,
  readBetween,
  readClient,
  readDuration,
  readInnerClient,
  readMethod,
  readName,
  readOptional,
  readPath,
  readPort,
  readProtocol,
  readQuery,
  readQuoted,
  readRequest,
  readSize,
  readStatus,
  readTime,
  readWord,
  recordBytes,
  restAt,
  signatureAt,
  sizeAt,
  slotNone,
  slotsAt,
  slotUser,
  startAt,
  stepAfterAt,
  stepByAt,
  stepBytes,
  stepEndAt,
  stepPaddedAt,
  stepReadAt,
  stepSlotAt,
  stepTimesAt,
  tableFirstAt,
  tableFlagsAt,
  tableHeadBytes,
  tableStepsAt,
  takesForwardedFlag,
  textHeadAt,
  textMaskAt,
  textRestAt,
} from '../layout'
import { areaAt, byteAt, endOfWord } from './bytes'
import {
  isIpv6,
  scanClient,
  scanDuration,
  scanMethod,
  scanPath,
  scanPort,
  scanProtocol,
  scanRequest,
  scanSize,
  scanStatus,
  skipWord,
} from './fields'
import { finishForwarded, finishHost, takeTargetHost } from './finish'
import { isRestUncertain, restSignature, skipRest } from './rest'
import { findStop } from './search'
import { scanTime } from './time'

/** Bytes that the reader of times may look at beyond the place where it stands. */
const readAhead: i32 = 48

/** Bytes of a simple line at most. */
const mostBytes: i32 = 65536

const blank: i32 = 32
const quote: i32 = 34
const dash: i32 = 45
const colon: i32 = 58
const openBracket: i32 = 91

/**
 * Scans lines one behind another by a table, the first from `from` on and as one that begins at `lineStart`, until one does not fit,
 * `length` bytes end or `most` records are full; how many records it wrote at `record`. No byte shares a bit with `high` in them.
 */
export function scanLines(from: i32, lineStart: i32, length: i32, table: i32, high: i32, record: i32, most: i32): i32 {
  let at = from
  let start = lineStart
  let line = areaAt(record)
  for (let count = 0; count < most; count++) {
    if (at >= length || !scanLine(line, at, start, length, areaAt(table), high)) return count
    at = load<i32>(line, nextAt)
    start = at
    line += recordBytes
  }
  return most
}

export function scanLine(line: i32, from: i32, lineStart: i32, length: i32, table: i32, high: i32): bool {
  const flags = load<i32>(table, tableFlagsAt)
  begin(line, from, lineStart)
  let at = scanFields(line, from, length, table, high)
  if (at < 0) return false
  const end = byteAt(at)
  if (end === blank || end === 9) {
    at = skipRest(at, high)
    if (at < 0) return false
    store<i32>(line, isRestUncertain() ? 2 : 1, restAt)
    store<i32>(line, restSignature(), signatureAt)
  }
  const next = byteAt(at) === 13 ? at + 2 : at + 1
  store<i32>(line, at, endAt)
  store<i32>(line, next, nextAt)
  if (next > length || byteAt(next - 1) !== 10 || at - lineStart > mostBytes) return false
  const methodEnd = load<i32>(line, methodEndAt)
  store<i32>(line, i32(load<i32>(line, pathStartAt) === methodEnd + 1 && byteAt(methodEnd) === blank), joinedAt)
  if ((flags & hostedFlag) === 0) takeTargetHost(line)
  else if (!finishHost(line)) return false
  return (
    (flags & proxiedFlag) === 0 || finishForwarded(line, (flags & peeredFlag) !== 0, (flags & takesForwardedFlag) !== 0)
  )
}

/** A line of which nothing was found yet: what it does not have is empty. */
function begin(line: i32, from: i32, lineStart: i32): void {
  v128.store(line, f64x2.splat(-1), sizeAt)
  store<i32>(line, lineStart, startAt)
  store<i32>(line, 0, restAt)
  const none = i32x4.splat(from)
  v128.store(line, none, emptyAt)
  v128.store(line, none, emptyAt + 16)
  v128.store(line, none, emptyAt + 32)
  v128.store(line, none, emptyAt + 48)
}

/** The place behind the fields of a format, or -1. */
function scanFields(line: i32, from: i32, length: i32, table: i32, high: i32): i32 {
  let at = behind(from, table + tableFirstAt)
  let step = table + tableHeadBytes
  const end = step + load<i32>(table, tableStepsAt) * stepBytes
  for (; step < end; step += stepBytes) {
    if (at < 0) return -1
    if (load<i32>(step, stepPaddedAt) !== 0) while (byteAt(at) === blank) at += 1
    const start = at
    at = scanField(line, at, length, step, high)
    if (at < 0) return -1
    const slot = load<i32>(step, stepSlotAt)
    if (slot !== slotNone) {
      store<i32>(line + (slot - 1) * 8, start, slotsAt)
      store<i32>(line + (slot - 1) * 8, at, slotsAt + 4)
    }
    at = behind(at, step + stepAfterAt)
  }
  return at
}

/** The place behind a text that must stand at `at`, or -1. */
function behind(at: i32, text: i32): i32 {
  const length = load<i32>(text)
  if (((load<u64>(at) ^ load<u64>(text, textHeadAt)) & load<u64>(text, textMaskAt)) !== 0) return -1
  if (length > 8) {
    const rest = areaAt(load<i32>(text, textRestAt)) - 8
    for (let i = 8; i < length; i++) if (byteAt(at + i) !== byteAt(rest + i)) return -1
  }
  return at + length
}

function scanField(line: i32, from: i32, length: i32, step: i32, high: i32): i32 {
  const end = load<i32>(step, stepEndAt)
  switch (load<i32>(step, stepReadAt)) {
    case readClient: {
      const at = scanClient(line, from, end)
      return end === colon && load<i32>(line, quadAt) === 0 ? -1 : at
    }
    case readInnerClient: {
      const at = scanClient(line, from, end)
      if (at < 0 || load<i32>(line, quadAt) !== 0) return at
      return end === colon || !isIpv6(from, at) ? -1 : at
    }
    case readWord:
      return scanWord(from, end, load<i32>(step, stepSlotAt))
    case readName:
      return scanName(from, end)
    case readQuoted: {
      const at = findStop(from, high)
      if (byteAt(at) !== quote) return -1
      const isUser = load<i32>(step, stepSlotAt) === slotUser
      return isUser && (byteAt(from) === blank || byteAt(at - 1) === blank) ? -1 : at
    }
    case readTime:
      return from + readAhead > length ? -1 : scanTime(line, from)
    case readRequest:
      return scanRequest(line, from)
    case readMethod:
      return scanMethod(line, from)
    case readPath:
      return scanPath(line, from)
    case readProtocol:
      return scanProtocol(line, from)
    case readStatus:
      return scanStatus(line, from)
    case readSize:
      return scanSize(line, from)
    case readDuration:
      return scanDuration(line, from, load<i32>(step, stepTimesAt), load<i32>(step, stepByAt))
    case readPort:
      return scanPort(from)
    case readQuery:
      return byteAt(from) === dash ? from + 1 : -1
    case readOptional:
      return byteAt(from) === blank && byteAt(from + 1) !== quote ? skipWord(from + 1, blank) : from
    case readBetween: {
      const at = findStop(from, high)
      if (byteAt(at) !== quote) return -1
      return at > from && byteAt(from) === blank && byteAt(at - 1) === blank ? at - 1 : -1
    }
    default:
      return -1
  }
}

/** A word that cannot be taken for a client: none is `unknown`, and none has what addresses have. */
function scanName(from: i32, end: i32): i32 {
  const at = skipWord(from, end)
  if (at <= from || (at - from >= 7 && byteAt(from) === 117)) return -1
  for (let i = from; i < at; i++) {
    const byte = byteAt(i)
    if (byte === openBracket || byte === colon || byte === 46 || byte === 40) return -1
  }
  return at
}

/** A word that has a slot is not empty, and none of a user holds a bracket. */
function scanWord(from: i32, end: i32, slot: i32): i32 {
  const at = skipWord(from, end)
  if (slot === slotNone) return at
  if (at <= from) return -1
  return slot === slotUser && endOfWord(from, openBracket) < at ? -1 : at
}
