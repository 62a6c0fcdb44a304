import type { CompiledFormat } from './compile.ts'
import { maxLineBytes } from './event.ts'
import { decodeUtf8, innermost, type ParsedLine, parseLine } from './parse-line.ts'
import type { Moment } from './parse-time.ts'
import type { Reading } from './reading.ts'
import { createLineScanner } from './scan-line.ts'
import type { RunMany } from './scan-run.ts'
import type { ScanTable } from './scan-table.ts'
import type { Shape } from './shape.ts'
import type { SimpleLine } from './simple-line.ts'
import { formatsBehind, isDirective, isHeader, mayHoldDirective } from './w3c-header.ts'

/** Reads lines of any format of a list: the simple ones by a table, all others by the exact rules. */
export interface LineReader {
  /** What the last scan found. */
  readonly line: SimpleLine
  /** Must be called before the first line of other bytes. */
  begin(chunk: ReaderChunk): void
  /** True when a simple line begins at `from` and ends with an LF. False says nothing: the exact rules decide. */
  scan(from: number): boolean
  /** Has the program of a room work on many lines from a place on, where it can; the place behind the last of them. */
  many(from: number, run: RunMany): number
  /** The line in `[start, end)`; undefined for a directive, which is none. */
  parse(start: number, end: number): ParsedLine | undefined
  /** The last header that named fields, for the next chunk of this log. */
  header(): string | undefined
}

interface ReaderChunk {
  readonly bytes: Buffer
  /** True where the bytes are not UTF-8: then no scan takes a byte above 127. */
  readonly ascii: boolean
  /** When they were read. */
  readonly now: Moment
  readonly header: string | undefined
  /** How its lines are read, where not as usual. */
  readonly reading?: Reading | undefined
}

/** The table of one shape, and what stands before its lines. */
interface Scan {
  readonly key: string
  readonly table: ScanTable
  readonly prefixes: readonly RegExp[]
}

/** Shapes of lines that are scanned for in one log. */
const mostShapes = 4

/** Bytes of a line in which what stands before it must end. */
const longestPrefix = 200

export const openReader = (usual: Reading): LineReader => {
  const scanner = createLineScanner()
  const scans = new Map<Reading, Map<string, Scan>>()
  let active: readonly Scan[] = []
  let chunk: ReaderChunk = { bytes: Buffer.alloc(0), ascii: false, now: { second: 0, micros: 0 }, header: undefined }
  let reading = usual
  let header: string | undefined

  /** Those that are tried, a header's own first. */
  const formatsNow = (): readonly CompiledFormat[] =>
    header === undefined ? reading.formats : formatsBehind(header, reading.formats)

  /** Scans for the shape of a line that the exact rules understood. */
  const learn = (shape: Shape, from: number): void => {
    const scan = scanOf(shape)
    if (scan === undefined) return
    // the same fields behind a line that fits strictly may make it one of another format
    if (shape.behind !== '' && shape.isStrict) {
      const start = skipPrefixes(chunk.bytes, from, scan.prefixes)
      if (start >= 0) scanner.learn(scan.table, start, from)
    }
    active = [...active.filter((other) => other !== scan).slice(0, mostShapes - 1), scan]
  }

  const scanOf = ({ wrappers, format }: Shape): Scan | undefined => {
    if (format.kind === 'json' || format.steps === undefined) return undefined
    const prefixes = wrappers.flatMap(({ prefix }) => prefix ?? [])
    const canScan = prefixes.length === wrappers.length && (format.steps.timed || wrappers.length === 0)
    if (!canScan) return undefined
    const key = `${wrappers.map(({ id }) => id).join(' ')} ${format.format.id} ${format.format.text}`
    const known = scans.get(reading) ?? new Map<string, Scan>()
    scans.set(reading, known)
    const made = known.get(key) ?? {
      key,
      table: scanner.open({
        steps: format.steps,
        forwarded: reading.client === 'forwarded',
        isFirst: wrappers.length === 0 && format === formatsNow()[0],
        looks: format.format.looks,
      }),
      prefixes,
    }
    known.set(key, made)
    return made
  }

  const scanWith = ({ table, prefixes }: Scan, from: number): boolean => {
    const start = prefixes.length === 0 ? from : skipPrefixes(chunk.bytes, from, prefixes)
    return start >= 0 && scanner.scan(table, start, from)
  }

  return {
    line: scanner.line,
    begin: (next) => {
      chunk = next
      const nextReading = next.reading ?? usual
      // what was learned of other lines does not hold for these
      if (header !== next.header || reading !== nextReading) active = []
      header = next.header
      reading = nextReading
      scanner.begin(next.bytes, next.ascii, next.now)
    },
    scan: (from) => {
      for (let i = 0; i < active.length; i++) {
        const scan = active[i]
        if (scan !== undefined && scanWith(scan, from)) {
          // lines of one shape follow each other
          if (i > 0) active = [scan, ...active.filter((other) => other !== scan)]
          return true
        }
      }
      return false
    },
    many: (from, run) => {
      const [scan] = active
      return scan === undefined || scan.prefixes.length > 0 ? from : scanner.many(scan.table, from, run)
    },
    parse: (start, end) => {
      if (end - start > maxLineBytes) return { ok: false, reason: 'too_long' }
      const text = decodeUtf8(chunk.bytes.subarray(start, end))
      const inside = mayHoldDirective(text) ? innermost(text, chunk.now) : text
      if (isDirective(inside)) {
        if (isHeader(inside)) {
          header = inside
          active = []
        }
        return undefined
      }
      const parsed = parseLine(text, {
        formats: formatsNow(),
        client: reading.client,
        now: chunk.now,
      })
      if (parsed.ok) learn(parsed.shape, start)
      return parsed
    },
    header: () => header,
  }
}

/** The place behind what stands before the line that begins at `from`, or -1. */
const skipPrefixes = (bytes: Buffer, from: number, prefixes: readonly RegExp[]): number => {
  if (prefixes.length === 0) return from
  let text = bytes.toString('latin1', from, Math.min(from + longestPrefix, bytes.length))
  let at = from
  for (const prefix of prefixes) {
    const found = prefix.exec(text)?.[0]
    // in other letters characters and bytes are not the same
    if (found === undefined || !/^[\x20-\x7e]+$/.test(found)) return -1
    at += found.length
    text = text.slice(found.length)
  }
  return at
}
