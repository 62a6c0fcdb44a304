import { type FindStop, findStopIn } from '../vector/room.ts'
import { quotedStops } from './byte-classes.ts'
import { reading, type Step, type Steps, slot } from './compile-steps.ts'
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
import { createTimeScanner } from './scan-time.ts'
import { emptyLine, type SimpleLine } from './simple-line.ts'

export interface LineScanner {
  readonly line: SimpleLine
  /** Must be called before the first line of other bytes. `ascii` refuses every byte above 127, for chunks that are not UTF-8. */
  begin(bytes: Uint8Array, ascii: boolean, now: Moment): void
  /** True when a simple line ends with an LF behind the text that begins at `from`; it is then in `line`. False says nothing: the exact rules decide. */
  scan(bytes: Uint8Array, from: number, lineStart: number): boolean
  /** Takes in a line that the exact rules found to be of this format: others with fields of the same kinds behind it are too. */
  learn(bytes: Uint8Array, from: number, lineStart: number): void
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

export interface ScanOptions {
  readonly steps: Steps
  /** True where the client is the first of those that a proxy forwards. */
  readonly forwarded: boolean
  /** True where no other format comes before this one. */
  readonly isFirst: boolean
  /** What else a line must look like, where other formats come before this one. */
  readonly looks?: RegExp | undefined
}

/** Kinds of fields behind a format's own that are remembered. */
const mostSignatures = 1000

/** Runs the table of one format over lines without anything surprising; one look at each byte. */
export const createLineScanner = ({ steps: table, forwarded, isFirst, looks }: ScanOptions): LineScanner => {
  const { first, steps, sized, timed, peered, hasIdent } = table
  const line = emptyLine()
  const time = createTimeScanner()
  const choice = { peered, takesForwarded: forwarded || !peered }
  const hosted = steps.some((step) => step.slot === slot.host)
  const proxied = steps.some((step) => step.slot === slot.forwarded)
  const known = new Set<number>()
  let signature = noRest
  let stops = quotedUtf8
  let high: 0 | 128 = 0
  let find: FindStop | undefined
  let now: Moment = { second: 0, micros: 0 }

  const scanQuoted = (bytes: Uint8Array, from: number): number => {
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
  const scanField = (bytes: Uint8Array, from: number, step: Step): number => {
    const end = step.after[0] ?? 32
    switch (step.read) {
      case reading.client: {
        const at = scanClient(line, bytes, from, end)
        return end === colon && !line.quad ? -1 : at
      }
      case reading.innerClient: {
        const at = scanClient(line, bytes, from, end)
        return at > 0 && (line.quad || (end !== colon && isIpv6(bytes, from, at))) ? at : -1
      }
      case reading.word: {
        const at = skipWord(bytes, from, end)
        if (step.slot === slot.none) return at
        keep(step.slot, from, at)
        // a bracket in a user's name may be where the loose rules see a time begin
        if (step.slot === slot.user) for (let i = from; i < at; i++) if (bytes[i] === openBracket) return -1
        return at > from ? at : -1
      }
      case reading.quoted: {
        const at = scanQuoted(bytes, from)
        if (step.slot === slot.user && (bytes[from] === 32 || bytes[at - 1] === 32)) return -1
        if (step.slot !== slot.none) keep(step.slot, from, at)
        return at
      }
      case reading.time: {
        if (from + readAhead > bytes.length) return -1
        const at = time.scan(bytes, from)
        line.second = time.second
        line.micros = time.micros
        return at
      }
      case reading.request:
        return scanRequest(line, bytes, from)
      case reading.method:
        return scanMethod(line, bytes, from)
      case reading.path:
        return scanPath(line, bytes, from)
      case reading.protocol:
        return scanProtocol(line, bytes, from)
      case reading.status:
        return scanStatus(line, bytes, from)
      case reading.size:
        return scanSize(line, bytes, from)
      case reading.duration:
        return scanDuration(line, bytes, from, step)
      case reading.query:
        return bytes[from] === 45 ? from + 1 : -1
      case reading.optional:
        if (bytes[from] !== 32 || bytes[from + 1] === 34) return from
        return skipWord(bytes, from + 1, 32)
      case reading.between: {
        const at = scanQuoted(bytes, from)
        return at > from && bytes[from] === 32 && bytes[at - 1] === 32 ? at - 1 : -1
      }
      default:
        return -1
    }
  }

  const follows = (bytes: Uint8Array, at: number, text: Uint8Array): boolean => {
    for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false
    return true
  }

  /** The place behind the fields that the format does not have, or -1; their kinds are in `signature`. */
  const skipRest = (bytes: Uint8Array, from: number): number => {
    let at = from
    while (bytes[at] === 32 || bytes[at] === 9) {
      const code = bytes[at + 1]
      if (code === 34) {
        const end = scanQuoted(bytes, at + 2)
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

  const hasNoIdent = (bytes: Uint8Array): boolean =>
    bytes[line.clientEnd + 1] === 45 && bytes[line.clientEnd + 2] === 32

  /** Two more things that a format may ask for: no ident, and neither referer nor agent. */
  const flagsOf = (bytes: Uint8Array): number =>
    (hasNoIdent(bytes) ? 1 : 0) + (line.refererStart === line.refererEnd && line.agentStart === line.agentEnd ? 2 : 0)

  const scanLineEnd = (bytes: Uint8Array, at: number): boolean => {
    line.end = at
    line.next = bytes[at] === 13 ? at + 2 : at + 1
    return bytes[line.next - 1] === 10 && at - line.start <= maxLineBytes
  }

  const reset = (from: number, lineStart: number): void => {
    line.start = lineStart
    line.userStart = line.userEnd = from
    line.refererStart = line.refererEnd = from
    line.agentStart = line.agentEnd = from
    line.hostStart = line.hostEnd = from
    line.targetHostStart = line.targetHostEnd = from
    line.forwardedStart = line.forwardedEnd = from
    line.protocolStart = line.protocolEnd = from
    line.size = sized ? 0 : -1
    line.durationMs = -1
    if (timed) return
    line.second = now.second
    line.micros = now.micros
  }

  const scanAny = (bytes: Uint8Array, from: number, lineStart: number): boolean => {
    if (first.length > 0 && !follows(bytes, from, first)) return false
    reset(from, lineStart)
    let at = from + first.length
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i]
      if (step === undefined) return false
      if (step.padded) while (bytes[at] === 32) at += 1
      at = scanField(bytes, at, step)
      if (at < 0) return false
      const { after } = step
      if (after.length === 1 ? bytes[at] !== after[0] : !follows(bytes, at, after)) return false
      at += after.length
    }
    signature = noRest
    if (bytes[at] === 32 || bytes[at] === 9) at = skipRest(bytes, at)
    if (at < 0 || !scanLineEnd(bytes, at)) return false
    if (signature !== noRest && signature !== uncertain) signature = signature * 4 + flagsOf(bytes)
    line.joined = line.pathStart === line.methodEnd + 1 && bytes[line.methodEnd] === 32
    return (
      (hosted ? finishHost(line, bytes) : takeTargetHost(line)) && (!proxied || finishForwarded(line, bytes, choice))
    )
  }

  const scan = (bytes: Uint8Array, from: number, lineStart: number): boolean =>
    scanAny(bytes, from, lineStart) && (isFirst || isNoOther(bytes, from))

  /** True where no format that comes before this one fits the line. */
  const isNoOther = (bytes: Uint8Array, from: number): boolean => {
    if (signature !== noRest && !known.has(signature)) return false
    if (hasIdent && !hasNoIdent(bytes)) return false
    return (
      looks === undefined ||
      looks.test(
        Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(longestLook, line.end - from)).toString('latin1'),
      )
    )
  }

  const learn = (bytes: Uint8Array, from: number, lineStart: number): void => {
    if (!scanAny(bytes, from, lineStart) || signature === noRest || signature === uncertain) return
    if (known.size < mostSignatures) known.add(signature)
  }

  const begin = (bytes: Uint8Array, ascii: boolean, time: Moment): void => {
    stops = ascii ? quotedAscii : quotedUtf8
    high = ascii ? 128 : 0
    find = findStopIn(bytes)
    now = time
  }

  return { line, begin, scan, learn }
}
