import { type FindStop, findStopIn } from '../vector/room.ts'
import { quotedStops } from './byte-classes.ts'
import { slot } from './compile-steps.ts'
import { maxLineBytes } from './event.ts'
import type { Moment } from './parse-time.ts'
import { addBrackets, addQuoted, addWord, endOfWord, noRest, uncertain } from './rest-signature.ts'
import {
  isIpv6,
  scanClient,
  scanDuration,
  scanMethod,
  scanPath,
  scanProtocol,
  scanRequest,
  scanSize,
  scanStatus,
  skipWord,
} from './scan-fields.ts'
import { finishForwarded, finishHost, takeTargetHost } from './scan-finish.ts'
import type { ScanTable } from './scan-table.ts'
import { createTimeScanner } from './scan-time.ts'
import { emptyLine, type SimpleLine } from './simple-line.ts'

export interface LineScanner {
  readonly line: SimpleLine
  /** Must be called before the first line of other bytes. `ascii` refuses every byte above 127, for chunks that are not UTF-8. */
  begin(bytes: Uint8Array, ascii: boolean, now: Moment): void
  /** True when a simple line ends with an LF behind the text that begins at `from`; it is then in `line`. False says nothing: the exact rules decide. */
  scan(table: ScanTable, from: number, lineStart: number): boolean
  /** Takes in a line that the exact rules found to be of this format: others with fields of the same kinds behind it are too. */
  learn(table: ScanTable, from: number, lineStart: number): void
}

const quotedUtf8 = quotedStops(false)
const quotedAscii = quotedStops(true)

/** Before a port: an IPv6 address holds it too. */
const colon = 58
const openBracket = 91

/** Bytes of a line that show what it looks like. */
const longestLook = 200

/** Bytes that a scan may read beyond the place where it stands. */
const readAhead = 48

/** Kinds of fields behind a format's own that are remembered. */
const mostSignatures = 1000

/** Runs tables of formats over lines without anything surprising; one look at each byte. */
export const createLineScanner = (): LineScanner => {
  const line = emptyLine()
  const time = createTimeScanner()
  let signature = noRest
  let bytes: Uint8Array = new Uint8Array()
  let now: Moment = { second: 0, micros: 0 }
  let stops = quotedUtf8
  let high: 0 | 128 = 0
  let find: FindStop | undefined

  const scanQuoted = (from: number): number => {
    let at = from
    if (find !== undefined) at = find(from, high)
    else while (stops[bytes[at] ?? 0] === 0) at += 1
    return bytes[at] === 34 ? at : -1
  }

  const keep = (where: number, start: number, end: number): void => {
    if (where === slot.user) {
      line.userStart = start
      line.userEnd = end
    } else if (where === slot.referer) {
      line.refererStart = start
      line.refererEnd = end
    } else if (where === slot.agent) {
      line.agentStart = start
      line.agentEnd = end
    } else if (where === slot.host) {
      line.hostStart = start
      line.hostEnd = end
    } else if (where === slot.forwarded) {
      line.forwardedStart = start
      line.forwardedEnd = end
    }
  }

  /** The place behind a field that begins at `from`, or -1. */
  const scanField = (table: ScanTable, from: number, i: number): number => {
    const end = table.firsts[i] ?? 32
    switch (table.reads[i]) {
      case 0: {
        const at = scanClient(line, bytes, from, end)
        return end === colon && !line.quad ? -1 : at
      }
      case 1: {
        const at = scanClient(line, bytes, from, end)
        return at > 0 && (line.quad || (end !== colon && isIpv6(bytes, from, at))) ? at : -1
      }
      case 2: {
        const where = table.slots[i] ?? slot.none
        const at = skipWord(bytes, from, end)
        if (where === slot.none) return at
        keep(where, from, at)
        // a bracket in a user's name may be where the loose rules see a time begin
        if (where === slot.user) for (let j = from; j < at; j++) if (bytes[j] === openBracket) return -1
        return at > from ? at : -1
      }
      case 3: {
        const where = table.slots[i] ?? slot.none
        const at = scanQuoted(from)
        if (where === slot.user && (bytes[from] === 32 || bytes[at - 1] === 32)) return -1
        if (where !== slot.none) keep(where, from, at)
        return at
      }
      case 4: {
        if (from + readAhead > bytes.length) return -1
        const at = time.scan(bytes, from)
        line.second = time.second
        line.micros = time.micros
        return at
      }
      case 5:
        return scanRequest(line, bytes, from)
      case 6:
        return scanMethod(line, bytes, from)
      case 7:
        return scanPath(line, bytes, from)
      case 8:
        return scanProtocol(line, bytes, from)
      case 9:
        return scanStatus(line, bytes, from)
      case 10:
        return scanSize(line, bytes, from)
      case 11:
        return scanDuration(line, bytes, from, table.steps[i]?.times ?? 1, table.steps[i]?.by ?? 1)
      case 14:
        return bytes[from] === 45 ? from + 1 : -1
      case 12:
        if (bytes[from] !== 32 || bytes[from + 1] === 34) return from
        return skipWord(bytes, from + 1, 32)
      case 13: {
        const at = scanQuoted(from)
        return at > from && bytes[from] === 32 && bytes[at - 1] === 32 ? at - 1 : -1
      }
      default:
        return -1
    }
  }

  const follows = (at: number, text: Uint8Array): boolean => {
    for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false
    return true
  }

  /** The place behind the fields that the format does not have, or -1; their kinds are in `signature`. */
  const skipRest = (from: number): number => {
    let at = from
    while (bytes[at] === 32 || bytes[at] === 9) {
      const code = bytes[at + 1]
      if (code === 34) {
        const end = scanQuoted(at + 2)
        if (end < 0) return -1
        signature = addQuoted(signature, bytes, at + 2, end)
        at = end + 1
      } else if (code === 91) {
        at += 2
        while ((bytes[at] ?? 0) >= 32 && bytes[at] !== 93) at += 1
        if (bytes[at] !== 93) return -1
        signature = addBrackets(signature)
        at += 1
      } else {
        const end = endOfWord(bytes, at + 1)
        if (end === at + 1) return -1
        signature = addWord(signature, bytes, at + 1, end)
        at = end
      }
    }
    return at
  }

  const hasNoIdent = (): boolean => bytes[line.clientEnd + 1] === 45 && bytes[line.clientEnd + 2] === 32

  /** Two more things that a format may ask for: no ident, and neither referer nor agent. */
  const flagsOf = (): number =>
    (hasNoIdent() ? 1 : 0) + (line.refererStart === line.refererEnd && line.agentStart === line.agentEnd ? 2 : 0)

  const scanLineEnd = (at: number): boolean => {
    line.end = at
    line.next = bytes[at] === 13 ? at + 2 : at + 1
    return bytes[line.next - 1] === 10 && at - line.start <= maxLineBytes
  }

  const skipBlanks = (from: number): number => {
    let at = from
    while (bytes[at] === 32) at += 1
    return at
  }

  const reset = (table: ScanTable, from: number, lineStart: number): void => {
    line.start = lineStart
    line.userStart = line.userEnd = from
    line.refererStart = line.refererEnd = from
    line.agentStart = line.agentEnd = from
    line.hostStart = line.hostEnd = from
    line.targetHostStart = line.targetHostEnd = from
    line.forwardedStart = line.forwardedEnd = from
    line.protocolStart = line.protocolEnd = from
    line.durationMs = -1
    if (!table.isSized) line.size = -1
    if (table.isTimed) return
    line.second = now.second
    line.micros = now.micros
  }

  const scanAny = (table: ScanTable, from: number, lineStart: number): boolean => {
    const { opening, count, lengths, firsts, seconds, thirds, steps, isPadded } = table
    if (opening.length > 0 && !follows(from, opening)) return false
    reset(table, from, lineStart)
    let at = from + opening.length
    for (let i = 0; i < count; i++) {
      if (isPadded && steps[i]?.padded) at = skipBlanks(at)
      at = scanField(table, at, i)
      if (at < 0) return false
      const length = lengths[i] ?? 0
      if (length === 0) continue
      if (bytes[at] !== firsts[i]) return false
      if (length > 1 && bytes[at + 1] !== seconds[i]) return false
      if (length > 2 && bytes[at + 2] !== thirds[i]) return false
      if (length > 3 && !follows(at, steps[i]?.after ?? opening)) return false
      at += length
    }
    signature = noRest
    const end = bytes[at]
    if (end === 32 || end === 9) at = skipRest(at)
    if (at < 0 || !scanLineEnd(at)) return false
    if (signature !== noRest && signature !== uncertain) signature = signature * 4 + flagsOf()
    line.joined = line.pathStart === line.methodEnd + 1 && bytes[line.methodEnd] === 32
    if (!table.isHosted) takeTargetHost(line)
    else if (!finishHost(line, bytes)) return false
    return !table.isProxied || finishForwarded(line, bytes, table)
  }

  /** True where no format that comes before this one fits the line. */
  const isNoOther = ({ known, hasIdent, looks }: ScanTable, from: number): boolean => {
    if (signature !== noRest && !known.has(signature)) return false
    if (hasIdent && !hasNoIdent()) return false
    return looks === undefined || looks.test(textFrom(from))
  }

  const textFrom = (from: number): string =>
    Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(longestLook, line.end - from)).toString('latin1')

  return {
    line,
    begin: (chunk, ascii, time) => {
      bytes = chunk
      stops = ascii ? quotedAscii : quotedUtf8
      high = ascii ? 128 : 0
      find = findStopIn(bytes)
      now = time
    },
    scan: (table, from, lineStart) => scanAny(table, from, lineStart) && (table.isFirst || isNoOther(table, from)),
    learn: (table, from, lineStart) => {
      if (!scanAny(table, from, lineStart) || signature === noRest || signature === uncertain) return
      if (table.known.size < mostSignatures) table.known.add(signature)
    },
  }
}
