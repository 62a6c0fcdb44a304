// Readers of one field: each takes the place where it begins and gives the place behind it, or -1 where the exact rules must decide.

import {
  clientEndAt,
  clientStartAt,
  durationAt,
  endpointEndAt,
  hostBit,
  ipv6Bit,
  lastDotAt,
  methodEndAt,
  methodStartAt,
  notClientBit,
  notTokenBit,
  oddQueryAt,
  pathEndAt,
  pathStartAt,
  protocolEndAt,
  protocolStartAt,
  quadAt,
  sizeAt,
  sizeEndAt,
  sizeStartAt,
  statusAt,
  statusStartAt,
  stopBit,
  targetHostEndAt,
  targetHostStartAt,
} from '../layout'
import { byteAt, classOf, digitBits, endOfWord, holdsOdd, isDigit } from './bytes'

const blank: i32 = 32
const quote: i32 = 34
const dash: i32 = 45
const dot: i32 = 46
const slash: i32 = 47
const colon: i32 = 58

/** The end of a client that needs no second look; `end` is neither a digit nor a dot. */
export function scanClient(line: i32, from: i32, end: i32): i32 {
  const bytes = v128.load(from)
  const dots = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(46)))
  const length = ctz(~(digitBits(bytes) | dots))
  const stop = byteAt(from + length)
  const isWhole = length < 16 && (stop === end || (classOf(stop) & stopBit) !== 0)
  const quad = isQuad(line, from, length, dots)
  if (!isWhole)
    return length < 16 ? scanOddClient(line, from, end, quad ? from + length : -1) : scanLongClient(line, from, end)
  store<i32>(line, i32(quad), quadAt)
  store<i32>(line, from, clientStartAt)
  store<i32>(line, from + length, clientEndAt)
  return length > 0 ? from + length : -1
}

/** True for a strict dotted quad of `length` bytes, whose dots are given as bits; the place of its third dot is kept. */
function isQuad(line: i32, from: i32, length: i32, dots: i32): bool {
  const within = dots & ((1 << length) - 1)
  if (popcnt(within) !== 3) return false
  const first = ctz(within)
  const second = ctz(within & (within - 1))
  const third = 31 - clz(within)
  store<i32>(line, from + third, lastDotAt)
  return (
    isOctet(from, first) &&
    isOctet(from + first + 1, second - first - 1) &&
    isOctet(from + second + 1, third - second - 1) &&
    isOctet(from + third + 1, length - third - 1)
  )
}

/** True for 0 to 255 without a zero before it; only digits stand there. */
function isOctet(at: i32, length: i32): bool {
  if (<u32>(length - 1) > 2) return false
  const first = byteAt(at) - 48
  if (length === 1) return true
  const two = first * 10 + byteAt(at + 1) - 48
  const value = length === 2 ? two : two * 10 + byteAt(at + 2) - 48
  return first > 0 && value < 256
}

/** A client that begins with sixteen digits and dots or more: no quad. */
function scanLongClient(line: i32, from: i32, end: i32): i32 {
  let at = from + 16
  while (isDigit(byteAt(at)) || byteAt(at) === dot) at += 1
  if (byteAt(at) !== end && (classOf(byteAt(at)) & stopBit) === 0) return scanOddClient(line, from, end, -1)
  store<i32>(line, 0, quadAt)
  store<i32>(line, from, clientStartAt)
  store<i32>(line, at, clientEndAt)
  return at
}

/** A client with other bytes than digits and dots; `quadEnd` is where a dotted quad ends that it begins with. */
function scanOddClient(line: i32, from: i32, end: i32, quadEnd: i32): i32 {
  let at = from
  let colons = 0
  let code = byteAt(at)
  let kind = classOf(code)
  while ((kind & stopBit) === 0 && code !== end) {
    if (code === colon) colons += 1
    else if (code === 44 || code === 91 || (kind & notClientBit) !== 0) return -1
    // a date is no client
    else if (code === dash && at === from + 4) return -1
    at += 1
    code = byteAt(at)
    kind = classOf(code)
  }
  // one colon parts an address from its port, several may be the place where a line was found
  const hasPort = colons === 1 && quadEnd > 0 && isPort(quadEnd, at)
  if ((colons === 1 && !hasPort) || (colons > 1 && !isIpv6(from, at))) return -1
  store<i32>(line, i32(hasPort), quadAt)
  store<i32>(line, from, clientStartAt)
  store<i32>(line, hasPort ? quadEnd : at, clientEndAt)
  return at
}

function isPort(at: i32, end: i32): bool {
  return byteAt(at) === colon && end > at + 1 && isNumber(at + 1, end)
}

/** True where only digits stand in `[from, end)`. */
export function isNumber(from: i32, end: i32): bool {
  for (let at = from; at < end; at++) if (!isDigit(byteAt(at))) return false
  return true
}

/** True for what only an IPv6 address is: its first group has at most four digits, and a colon follows. */
export function isIpv6(from: i32, to: i32): bool {
  let first = -1
  for (let at = from; at < to; at++) {
    const code = byteAt(at)
    if ((classOf(code) & ipv6Bit) === 0) return false
    if (code === colon && first < 0) first = at
  }
  return first >= 0 && first - from <= 4
}

export function scanPort(from: i32): i32 {
  let at = from
  while (isDigit(byteAt(at))) at += 1
  return at > from && at - from <= 5 ? at : -1
}

/** The place of the first byte that no word holds, or of `end`; -1 for an empty word that a blank ends. */
export function skipWord(from: i32, end: i32): i32 {
  const at = endOfWord(from, end)
  return at > from || (end !== blank && end !== quote) ? at : -1
}

export function scanMethod(line: i32, from: i32): i32 {
  // GET and a blank
  let at = load<u32>(from) === 0x20544547 ? from + 3 : from
  while ((classOf(byteAt(at)) & (stopBit | notTokenBit)) === 0) at += 1
  store<i32>(line, from, methodStartAt)
  store<i32>(line, at, methodEndAt)
  return at === from || (at === from + 1 && byteAt(from) === dash) ? -1 : at
}

export function scanPath(line: i32, from: i32): i32 {
  const first = byteAt(from)
  const start = first === slash || first === 42 ? from : scanAuthority(line, from)
  if (start < 0) return -1
  store<i32>(line, start, pathStartAt)
  const mark = endOfWord(start, 63)
  const hasQuery = byteAt(mark) === 63
  const end = hasQuery ? endOfWord(mark + 1, blank) : mark
  store<i32>(line, end, pathEndAt)
  store<i32>(line, mark, endpointEndAt)
  store<i32>(line, i32(hasQuery && holdsOdd(mark + 1, end)), oddQueryAt)
  return end
}

/** The place of the target's path behind `http://host:port`; the host is kept where the line has no other. */
function scanAuthority(line: i32, from: i32): i32 {
  // http
  if (load<u32>(from) !== 0x70747468) return -1
  let at = byteAt(from + 4) === 115 ? from + 5 : from + 4
  if (byteAt(at) !== colon || byteAt(at + 1) !== slash || byteAt(at + 2) !== slash) return -1
  at += 3
  const start = at
  while ((classOf(byteAt(at)) & hostBit) !== 0) at += 1
  const end = at
  if (byteAt(at) === colon) {
    at += 1
    while (isDigit(byteAt(at))) at += 1
  }
  if (end === start || byteAt(at) !== slash) return -1
  store<i32>(line, start, targetHostStartAt)
  store<i32>(line, end, targetHostEndAt)
  return at
}

export function scanProtocol(line: i32, from: i32): i32 {
  store<i32>(line, from, protocolStartAt)
  // HTTP/
  if (load<u32>(from) !== 0x50545448 || byteAt(from + 4) !== slash) return -1
  let at = from + 5
  if (!isDigit(byteAt(at))) return -1
  at += 1
  if (byteAt(at) === dot) {
    if (!isDigit(byteAt(at + 1))) return -1
    at += 2
  }
  store<i32>(line, at, protocolEndAt)
  return at
}

export function scanRequest(line: i32, from: i32): i32 {
  let at = scanMethod(line, from)
  if (at < 0 || byteAt(at) !== blank) return -1
  at = scanPath(line, at + 1)
  return at < 0 || byteAt(at) !== blank ? -1 : scanProtocol(line, at + 1)
}

export function scanStatus(line: i32, from: i32): i32 {
  const hundreds = byteAt(from) - 48
  const tens = byteAt(from + 1) - 48
  const ones = byteAt(from + 2) - 48
  if (hundreds < 1 || hundreds > 5 || <u32>tens > 9 || <u32>ones > 9) return -1
  store<i32>(line, from, statusStartAt)
  store<i32>(line, hundreds * 100 + tens * 10 + ones, statusAt)
  return from + 3
}

export function scanSize(line: i32, from: i32): i32 {
  store<i32>(line, from, sizeStartAt)
  if (byteAt(from) === dash) {
    store<f64>(line, 0, sizeAt)
    store<i32>(line, from, sizeEndAt)
    return from + 1
  }
  let at = from
  let size: i64 = 0
  while (isDigit(byteAt(at)) && at - from <= 10) {
    size = size * 10 + byteAt(at) - 48
    at += 1
  }
  store<f64>(line, <f64>size, sizeAt)
  store<i32>(line, at, sizeEndAt)
  const length = at - from
  return length === 0 || length > 10 || (length > 1 && byteAt(from) === 48) ? -1 : at
}

export function scanDuration(line: i32, from: i32, times: i32, by: i32): i32 {
  store<f64>(line, -1, durationAt)
  if (byteAt(from) === dash) return from + 1
  let at = from
  let digits: i64 = 0
  let point = -1
  for (; at < from + 12; at++) {
    const code = byteAt(at)
    if (code === dot && point < 0 && at > from) point = at
    else if (isDigit(code)) digits = digits * 10 + code - 48
    else break
  }
  const places = point < 0 ? 0 : at - point - 1
  if (at === from || places > 9) return -1
  let part: f64 = 1
  for (let i = 0; i < places; i++) part *= 10
  store<f64>(line, (<f64>digits * <f64>times) / (part * <f64>by), durationAt)
  return at
}
