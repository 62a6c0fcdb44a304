import { programOf } from '../vector/room.ts'
import type { Moment } from './parse-time.ts'
import { createProgramRun } from './scan-program.ts'
import { noRest, type RunMany, type Scans, uncertain } from './scan-run.ts'
import { createScriptRun } from './scan-script.ts'
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
  /** Has a program work on many lines from a place on, where one can; the place behind the last of them. */
  many(table: ScanTable, from: number, run: RunMany): number
  /** Takes in a line that the exact rules found to be of this format: others with fields of the same kinds behind it are too. */
  learn(table: ScanTable, from: number, lineStart: number): void
}

/** Bytes of a line that show what it looks like. */
const longestLook = 200

/** Kinds of fields behind a format's own that are remembered. */
const mostSignatures = 1000

/** Runs tables of formats over lines without anything surprising; one look at each byte. */
export const createLineScanner = (): LineScanner => {
  const line = emptyLine()
  const time = createTimeScanner()
  let bytes: Uint8Array = new Uint8Array()
  let now: Moment = { second: 0, micros: 0 }
  let scans: Scans = { run: () => undefined, many: (_, from) => from }

  const hasNoIdent = (): boolean => bytes[line.clientEnd + 1] === 45 && bytes[line.clientEnd + 2] === 32

  /** With two more things that a format may ask for: no ident, and neither referer nor agent. */
  const withFlags = (signature: number): number =>
    signature * 4 +
    (hasNoIdent() ? 1 : 0) +
    (line.refererStart === line.refererEnd && line.agentStart === line.agentEnd ? 2 : 0)

  /** True where no format that comes before this one fits the line. */
  const isNoOther = ({ known, hasIdent, looks }: ScanTable, signature: number, from: number): boolean => {
    if (signature === uncertain) return false
    if (signature !== noRest && !known.has(withFlags(signature))) return false
    if (hasIdent && !hasNoIdent()) return false
    return looks === undefined || looks.test(textFrom(from))
  }

  const textFrom = (from: number): string =>
    Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(longestLook, line.end - from)).toString('latin1')

  return {
    line,
    open: (options) => createScanTable(options, line, time),
    begin: (chunk, ascii, time) => {
      bytes = chunk
      now = time
      const program = programOf(chunk)
      scans =
        program === undefined
          ? createScriptRun(line, chunk, ascii)
          : createProgramRun(line, program, chunk.length, ascii)
    },
    scan: (table, from, lineStart) => {
      const signature = scans.run(table, from, lineStart)
      if (signature === undefined) return false
      if (!table.isTimed) {
        line.second = now.second
        line.micros = now.micros
      }
      return table.isFirst || isNoOther(table, signature, from)
    },
    many: (table, from, run) => scans.many(table, from, run),
    learn: (table, from, lineStart) => {
      const signature = scans.run(table, from, lineStart)
      if (signature === undefined || signature === noRest || signature === uncertain) return
      if (table.known.size < mostSignatures) table.known.add(withFlags(signature))
    },
  }
}
