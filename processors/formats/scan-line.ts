import { type FindStop, findStopIn } from '../vector/room.ts'
import { maxLineBytes } from './event.ts'
import { createTimeScanner } from './scan-time.ts'

/** A simple line as places in the bytes of its chunk; valid until the next scan. Every field is `[start, end)`. */
export interface SimpleLine {
  start: number
  hostEnd: number
  /** True when the host is a strict dotted quad; then `lastDot` is the place of its third dot. */
  quad: boolean
  lastDot: number
  userStart: number
  userEnd: number
  methodStart: number
  methodEnd: number
  pathStart: number
  /** The first `?` of the path, or its end. */
  endpointEnd: number
  pathEnd: number
  /** True when the query string holds a character that an attack may need. */
  oddQuery: boolean
  protocolStart: number
  protocolEnd: number
  statusStart: number
  status: number
  sizeStart: number
  sizeEnd: number
  size: number
  refererStart: number
  refererEnd: number
  agentStart: number
  agentEnd: number
  /** Whole seconds since the epoch, UTC, and microseconds within the second. */
  second: number
  micros: number
  /** Behind the last byte of the line, and behind its line end. */
  end: number
  next: number
}

export interface LineScanner {
  readonly line: SimpleLine
  /** Must be called before the first line of other bytes. `ascii` refuses every byte above 127, for chunks that are not UTF-8. */
  begin(bytes: Uint8Array, ascii: boolean): void
  /** True when a simple line begins at `from` and ends with an LF; it is then in `line`. False says nothing: the exact rules decide. */
  scan(bytes: Uint8Array, from: number): boolean
}

const stop = 1
const odd = 2
const notToken = 4
const query = 8

/** Classes of bytes inside a word: a stop ends it or sends the line to the exact rules. */
const wordClass = Uint8Array.from({ length: 256 }, (_, byte) => {
  const text = String.fromCharCode(byte)
  const stops = byte <= 32 || byte >= 127 || text === '"' || text === '\\'
  return (
    (stops ? stop : 0) |
    (/[^A-Za-z0-9_?&=~@,-]/.test(text) ? odd : 0) |
    (/[A-Za-z0-9!#$%&'*+.^_`|~-]/.test(text) ? 0 : notToken) |
    (text === '?' ? query : 0)
  )
})

const quotedStops = (ascii: boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) =>
    byte < 32 || byte === 34 || byte === 92 || (ascii && byte > 127) ? 1 : 0,
  )
const quotedUtf8 = quotedStops(false)
const quotedAscii = quotedStops(true)

/** Bytes that a scan may read beyond the place where it stands. */
const readAhead = 48

const emptyLine = (): SimpleLine => ({
  start: 0,
  hostEnd: 0,
  quad: false,
  lastDot: 0,
  userStart: 0,
  userEnd: 0,
  methodStart: 0,
  methodEnd: 0,
  pathStart: 0,
  endpointEnd: 0,
  pathEnd: 0,
  oddQuery: false,
  protocolStart: 0,
  protocolEnd: 0,
  statusStart: 0,
  status: 0,
  sizeStart: 0,
  sizeEnd: 0,
  size: 0.5,
  refererStart: 0,
  refererEnd: 0,
  agentStart: 0,
  agentEnd: 0,
  second: 0.5,
  micros: 0,
  end: 0,
  next: 0,
})

/** A scanner for lines of the formats demo, combined and common without anything surprising; one look at each byte. */
export const createLineScanner = (): LineScanner => {
  const line = emptyLine()
  const time = createTimeScanner()
  let stops = quotedUtf8
  let high: 0 | 128 = 0
  let find: FindStop | undefined

  const scanHost = (bytes: Uint8Array, from: number): number => {
    let at = from
    let dots = 0
    let octet = -1
    let quad = true
    let code = bytes[at] ?? 0
    while (((wordClass[code] ?? stop) & stop) === 0) {
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
      } else quad = false
      at += 1
      code = bytes[at] ?? 0
    }
    line.quad = quad && dots === 3 && octet >= 0
    line.hostEnd = at
    return code === 32 && at > from ? at + 1 : -1
  }

  /** The place behind the space that ends a word, or -1. */
  const skipWord = (bytes: Uint8Array, from: number): number => {
    let at = from
    while (((wordClass[bytes[at] ?? 0] ?? stop) & stop) === 0) at += 1
    return bytes[at] === 32 && at > from ? at + 1 : -1
  }

  const scanRequest = (bytes: Uint8Array, from: number): number => {
    let at = from
    while (((wordClass[bytes[at] ?? 0] ?? stop) & (stop | notToken)) === 0) at += 1
    if (bytes[at] !== 32 || at === from) return -1
    line.methodStart = from
    line.methodEnd = at
    at += 1
    line.pathStart = at
    let seen = 0
    let endpointEnd = -1
    let kind = wordClass[bytes[at] ?? 0] ?? stop
    while ((kind & stop) === 0) {
      if ((kind & query) !== 0 && endpointEnd < 0) {
        endpointEnd = at
        seen = 0
      }
      seen |= kind
      at += 1
      kind = wordClass[bytes[at] ?? 0] ?? stop
    }
    if (bytes[at] !== 32 || at === line.pathStart) return -1
    line.pathEnd = at
    line.endpointEnd = endpointEnd < 0 ? at : endpointEnd
    line.oddQuery = endpointEnd >= 0 && (seen & odd) !== 0
    at += 1
    line.protocolStart = at
    if (
      bytes[at] !== 72 ||
      bytes[at + 1] !== 84 ||
      bytes[at + 2] !== 84 ||
      bytes[at + 3] !== 80 ||
      bytes[at + 4] !== 47
    )
      return -1
    at = skipDigit(bytes, at + 5)
    if (at > 0 && bytes[at] === 46) at = skipDigit(bytes, at + 1)
    line.protocolEnd = at
    return at > 0 && bytes[at] === 34 && bytes[at + 1] === 32 ? at + 2 : -1
  }

  const scanNumbers = (bytes: Uint8Array, from: number): number => {
    const hundreds = (bytes[from] ?? 0) - 48
    const tens = (bytes[from + 1] ?? 0) - 48
    const ones = (bytes[from + 2] ?? 0) - 48
    if (hundreds < 1 || hundreds > 5 || tens < 0 || tens > 9 || ones < 0 || ones > 9) return -1
    if (bytes[from + 3] !== 32) return -1
    line.statusStart = from
    line.status = hundreds * 100 + tens * 10 + ones
    let at = from + 4
    line.sizeStart = at
    if (bytes[at] === 45) {
      line.size = 0
      line.sizeEnd = at
      return at + 1
    }
    let size = 0
    let digit = (bytes[at] ?? 0) - 48
    while (digit >= 0 && digit <= 9) {
      size = size * 10 + digit
      at += 1
      digit = (bytes[at] ?? 0) - 48
    }
    const length = at - line.sizeStart
    if (length === 0 || length > 10 || (length > 1 && bytes[line.sizeStart] === 48)) return -1
    line.size = size
    line.sizeEnd = at
    return at
  }

  const scanQuoted = (bytes: Uint8Array, from: number): number => {
    let at = from
    if (find !== undefined) at = find(from, high)
    else while (stops[bytes[at] ?? 0] === 0) at += 1
    return bytes[at] === 34 ? at : -1
  }

  const scanLineEnd = (bytes: Uint8Array, at: number): boolean => {
    line.end = at
    line.next = bytes[at] === 13 ? at + 2 : at + 1
    return bytes[line.next - 1] === 10 && at - line.start <= maxLineBytes
  }

  const scan = (bytes: Uint8Array, from: number): boolean => {
    line.start = from
    let at = scanHost(bytes, from)
    if (at < 0) return false
    at = bytes[at] === 45 && bytes[at + 1] === 32 ? at + 2 : skipWord(bytes, at)
    if (at < 0) return false
    line.userStart = at
    at = skipWord(bytes, at)
    if (at < 0 || bytes[at] !== 91 || at + readAhead > bytes.length) return false
    line.userEnd = at - 1
    at = time.scan(bytes, at + 1)
    if (at < 0 || bytes[at] !== 93 || bytes[at + 1] !== 32 || bytes[at + 2] !== 34) return false
    line.second = time.second
    line.micros = time.micros
    at = scanRequest(bytes, at + 3)
    if (at < 0) return false
    at = scanNumbers(bytes, at)
    if (at < 0) return false
    line.refererStart = line.refererEnd = line.agentStart = line.agentEnd = at
    if (bytes[at] !== 32) return scanLineEnd(bytes, at)
    if (bytes[at + 1] !== 34) return false
    line.refererStart = at + 2
    at = scanQuoted(bytes, at + 2)
    if (at < 0 || bytes[at + 1] !== 32 || bytes[at + 2] !== 34) return false
    line.refererEnd = at
    line.agentStart = at + 3
    at = scanQuoted(bytes, at + 3)
    if (at < 0) return false
    line.agentEnd = at
    if (bytes[at + 1] === 32 && bytes[at + 2] === 34) at = scanQuoted(bytes, at + 3)
    return at > 0 && scanLineEnd(bytes, at + 1)
  }

  const begin = (bytes: Uint8Array, ascii: boolean): void => {
    stops = ascii ? quotedAscii : quotedUtf8
    high = ascii ? 128 : 0
    find = findStopIn(bytes)
  }

  return { line, begin, scan }
}

const skipDigit = (bytes: Uint8Array, at: number): number => {
  const digit = (bytes[at] ?? 0) - 48
  return digit >= 0 && digit <= 9 ? at + 1 : -1
}
