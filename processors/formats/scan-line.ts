import { findStopIn } from '../vector/room.ts'
import { quotedStops } from './byte-classes.ts'
import { maxSimpleBytes } from './event.ts'
import type { QuoteSearch } from './generate-scan.ts'
import type { Moment } from './parse-time.ts'
import { addBrackets, addQuoted, addWord, endOfWord, noRest, uncertain } from './rest-signature.ts'
import { finishForwarded, finishHost, takeTargetHost } from './scan-finish.ts'
import { createScanTable, type ScanTable, type TableOptions } from './scan-table.ts'
import { createTimeScanner } from './scan-time.ts'
import { emptyLine, type SimpleLine } from './simple-line.ts'

export interface LineScanner {
  readonly line: SimpleLine
  /** Takes in a format. */
  open(options: TableOptions): ScanTable
  /** Must be called before the first line of other bytes. `ascii` refuses every byte above 127, for chunks that are not UTF-8. */
  begin(bytes: Uint8Array, ascii: boolean, now: Moment): void
  /** True when a simple line ends with an LF behind the text that begins at `from`; it is then in `line`. False says nothing: the exact rules decide. */
  scan(table: ScanTable, from: number, lineStart: number): boolean
  /** Takes in a line that the exact rules found to be of this format: others with fields of the same kinds behind it are too. */
  learn(table: ScanTable, from: number, lineStart: number): void
}

const quotedUtf8 = quotedStops(false)
const quotedAscii = quotedStops(true)

/** Bytes of a line that show what it looks like. */
const longestLook = 200

/** Kinds of fields behind a format's own that are remembered. */
const mostSignatures = 1000

/** Runs tables of formats over lines without anything surprising; one look at each byte. */
export const createLineScanner = (): LineScanner => {
  const line = emptyLine()
  const time = createTimeScanner()
  let signature = noRest
  let bytes: Uint8Array = new Uint8Array()
  let now: Moment = { second: 0, micros: 0 }
  let search: QuoteSearch = { find: undefined, high: 0, stops: quotedUtf8 }
  const tables: ScanTable[] = []

  const scanQuoted = (from: number): number => {
    const { find, high, stops } = search
    let at = from
    if (find !== undefined) at = find(from, high)
    else while (stops[bytes[at] ?? 0] === 0) at += 1
    return bytes[at] === 34 ? at : -1
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
    return bytes[line.next - 1] === 10 && at - line.start <= maxSimpleBytes
  }

  const scanAny = (table: ScanTable, from: number, lineStart: number): boolean => {
    line.start = lineStart
    line.targetHostStart = line.targetHostEnd = from
    let at = table.scan(bytes, from)
    if (at < 0) return false
    if (!table.isTimed) {
      line.second = now.second
      line.micros = now.micros
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
    open: (options) => {
      const table = createScanTable(options, line, time)
      table.begin(search)
      tables.push(table)
      return table
    },
    begin: (chunk, ascii, time) => {
      bytes = chunk
      now = time
      search = {
        find: findStopIn(chunk),
        high: ascii ? 128 : 0,
        stops: ascii ? quotedAscii : quotedUtf8,
      }
      for (const table of tables) table.begin(search)
    },
    scan: (table, from, lineStart) => scanAny(table, from, lineStart) && (table.isFirst || isNoOther(table, from)),
    learn: (table, from, lineStart) => {
      if (!scanAny(table, from, lineStart) || signature === noRest || signature === uncertain) return
      if (table.known.size < mostSignatures) table.known.add(signature)
    },
  }
}
