import { isClientByte, isHostByte, isIpv6Byte, isNotToken, isOdd, isQuery, isStop, wordClass } from './byte-classes.ts'
import type { SimpleLine } from './simple-line.ts'

// Readers of one field: each takes the place where it begins and gives the place behind it, or -1 where the exact rules must decide.

/** The end of a client that needs no second look, or -1; `end` is neither a digit nor a dot. */
export const scanClient = (line: SimpleLine, bytes: Uint8Array, from: number, end: number): number => {
  let at = from
  let dots = 0
  let octet = -1
  let quad = true
  for (;;) {
    const code = bytes[at] ?? 0
    const digit = code - 48
    if (digit >= 0 && digit <= 9) {
      if (octet === 0) quad = false
      octet = octet < 0 ? digit : octet * 10 + digit
      if (octet > 255) quad = false
    } else if (code === 46) {
      if (octet < 0) quad = false
      octet = -1
      dots += 1
      if (dots === 3) line.lastDot = at
    } else if (code === end || ((wordClass[code] ?? isStop) & isStop) !== 0) break
    else return scanOddClient(line, bytes, from, end, quad && dots === 3 && octet >= 0 ? at : -1)
    at += 1
  }
  line.quad = quad && dots === 3 && octet >= 0
  line.clientStart = from
  line.clientEnd = at
  return at > from ? at : -1
}

/** A client with other bytes than digits and dots; `quadEnd` is where a dotted quad ends that it begins with. */
const scanOddClient = (line: SimpleLine, bytes: Uint8Array, from: number, end: number, quadEnd: number): number => {
  let at = from
  let colons = 0
  let code = bytes[at] ?? 0
  while (((wordClass[code] ?? isStop) & isStop) === 0 && code !== end) {
    if (code === 58) colons += 1
    else if (code === 44 || code === 91 || !isClientByte(code)) return -1
    // a date is no client
    else if (code === 45 && at === from + 4) return -1
    at += 1
    code = bytes[at] ?? 0
  }
  // one colon parts an address from its port, several may be the place where a line was found
  const hasPort = colons === 1 && quadEnd > 0 && isPort(bytes, quadEnd, at)
  if ((colons === 1 && !hasPort) || (colons > 1 && !isIpv6(bytes, from, at))) return -1
  line.quad = hasPort
  line.clientStart = from
  line.clientEnd = hasPort ? quadEnd : at
  return at
}

/** The end of a port's digits, or -1. */
export const scanPort = (bytes: Uint8Array, from: number): number => {
  let at = from
  while ((bytes[at] ?? 0) >= 48 && (bytes[at] ?? 0) <= 57) at += 1
  return at > from && at - from <= 5 ? at : -1
}

const isPort = (bytes: Uint8Array, colon: number, end: number): boolean => {
  if (bytes[colon] !== 58 || end === colon + 1) return false
  for (let at = colon + 1; at < end; at++) if ((bytes[at] ?? 0) < 48 || (bytes[at] ?? 0) > 57) return false
  return true
}

/** The place of the first byte that no word holds, or of `end`; -1 for an empty word that a blank ends. */
export const skipWord = (bytes: Uint8Array, from: number, end: number): number => {
  let at = from
  let code = bytes[at] ?? 0
  while (((wordClass[code] ?? isStop) & isStop) === 0 && code !== end) {
    at += 1
    code = bytes[at] ?? 0
  }
  return at > from || (end !== 32 && end !== 34) ? at : -1
}

export const scanMethod = (line: SimpleLine, bytes: Uint8Array, from: number): number => {
  let at = from
  while (((wordClass[bytes[at] ?? 0] ?? isStop) & (isStop | isNotToken)) === 0) at += 1
  line.methodStart = from
  line.methodEnd = at
  return at === from || (at === from + 1 && bytes[from] === 45) ? -1 : at
}

export const scanPath = (line: SimpleLine, bytes: Uint8Array, from: number): number => {
  let at = bytes[from] === 47 || bytes[from] === 42 ? from : scanAuthority(line, bytes, from)
  if (at < 0) return -1
  line.pathStart = at
  let seen = 0
  let endpointEnd = -1
  let kind = wordClass[bytes[at] ?? 0] ?? isStop
  while ((kind & isStop) === 0) {
    if ((kind & isQuery) !== 0 && endpointEnd < 0) {
      endpointEnd = at
      seen = 0
    }
    seen |= kind
    at += 1
    kind = wordClass[bytes[at] ?? 0] ?? isStop
  }
  line.pathEnd = at
  line.endpointEnd = endpointEnd < 0 ? at : endpointEnd
  line.oddQuery = endpointEnd >= 0 && (seen & isOdd) !== 0
  return at
}

/** The place of the target's path behind `http://host:port`, or -1; the host is kept where the line has no other. */
const scanAuthority = (line: SimpleLine, bytes: Uint8Array, from: number): number => {
  if (bytes[from] !== 104 || bytes[from + 1] !== 116 || bytes[from + 2] !== 116 || bytes[from + 3] !== 112) return -1
  let at = bytes[from + 4] === 115 ? from + 5 : from + 4
  if (bytes[at] !== 58 || bytes[at + 1] !== 47 || bytes[at + 2] !== 47) return -1
  at += 3
  const start = at
  while (isHostByte(bytes[at] ?? 0)) at += 1
  const end = at
  if (bytes[at] === 58) {
    at += 1
    while ((bytes[at] ?? 0) >= 48 && (bytes[at] ?? 0) <= 57) at += 1
  }
  if (end === start || bytes[at] !== 47) return -1
  line.targetHostStart = start
  line.targetHostEnd = end
  return at
}
export const scanProtocol = (line: SimpleLine, bytes: Uint8Array, from: number): number => {
  line.protocolStart = from
  if (
    bytes[from] !== 72 ||
    bytes[from + 1] !== 84 ||
    bytes[from + 2] !== 84 ||
    bytes[from + 3] !== 80 ||
    bytes[from + 4] !== 47
  )
    return -1
  let at = skipDigit(bytes, from + 5)
  if (at > 0 && bytes[at] === 46) at = skipDigit(bytes, at + 1)
  line.protocolEnd = at
  return at
}

export const scanRequest = (line: SimpleLine, bytes: Uint8Array, from: number): number => {
  let at = scanMethod(line, bytes, from)
  if (at < 0 || bytes[at] !== 32) return -1
  at = scanPath(line, bytes, at + 1)
  return at < 0 || bytes[at] !== 32 ? -1 : scanProtocol(line, bytes, at + 1)
}

export const scanStatus = (line: SimpleLine, bytes: Uint8Array, from: number): number => {
  const hundreds = (bytes[from] ?? 0) - 48
  const tens = (bytes[from + 1] ?? 0) - 48
  const ones = (bytes[from + 2] ?? 0) - 48
  if (hundreds < 1 || hundreds > 5 || tens < 0 || tens > 9 || ones < 0 || ones > 9) return -1
  line.statusStart = from
  line.status = hundreds * 100 + tens * 10 + ones
  return from + 3
}

export const scanSize = (line: SimpleLine, bytes: Uint8Array, from: number): number => {
  line.size = 0
  line.sizeStart = line.sizeEnd = from
  if (bytes[from] === 45) return from + 1
  let at = from
  let size = 0
  let digit = (bytes[at] ?? 0) - 48
  while (digit >= 0 && digit <= 9) {
    size = size * 10 + digit
    at += 1
    digit = (bytes[at] ?? 0) - 48
  }
  line.size = size
  line.sizeEnd = at
  const length = at - from
  return length === 0 || length > 10 || (length > 1 && bytes[from] === 48) ? -1 : at
}

export const scanDuration = (line: SimpleLine, bytes: Uint8Array, from: number, times: number, by: number): number => {
  line.durationMs = -1
  if (bytes[from] === 45) return from + 1
  let at = from
  let digits = 0
  let point = -1
  for (; at < from + 12; at++) {
    const code = bytes[at] ?? 0
    if (code === 46 && point < 0 && at > from) point = at
    else if (code >= 48 && code <= 57) digits = digits * 10 + code - 48
    else break
  }
  const places = point < 0 ? 0 : at - point - 1
  if (at === from || places > 9) return -1
  line.durationMs = (digits * times) / (10 ** places * by)
  return at
}

const skipDigit = (bytes: Uint8Array, at: number): number => {
  const digit = (bytes[at] ?? 0) - 48
  return digit >= 0 && digit <= 9 ? at + 1 : -1
}

/** True for what only an IPv6 address is: its first group has at most four digits, and a colon follows. */
export const isIpv6 = (bytes: Uint8Array, from: number, to: number): boolean => {
  let colon = -1
  for (let at = from; at < to; at++) {
    const code = bytes[at] ?? 0
    if (!isIpv6Byte(code)) return false
    if (code === 58 && colon < 0) colon = at
  }
  return colon >= 0 && colon - from <= 4
}
