import type { LogEvent } from '../formats/event.ts'
import type { LineReader } from '../formats/open-reader.ts'
import type { SimpleLine } from '../formats/simple-line.ts'
import { type Hold, heldBy } from '../pass/held.ts'
import * as layout from '../vector/layout.ts'
import { programOf } from '../vector/room.ts'
import { type Block, blockOf, newBlock } from './block.ts'
import { programTexts, scriptTexts, type Texts } from './texts.ts'

/** Some events of a chunk, each value in an array of its column. */
export interface Rows extends Block {
  readonly count: number
  readonly bytes: Buffer
  readonly texts: Texts
  /** Texts that no column has numbered and that do not stand in the bytes; of messages the requests without method and target. */
  readonly odd: readonly string[]
  /** By row the offset of its line in the log, where lines do not follow one another. */
  readonly offsets: ReadonlyMap<number, number>
}

export interface RowsBuilder {
  /** Takes as many lines as can be taken at once from a place on; the place behind the last. */
  many(from: number): number
  /** `off` is the offset of the line in its log. */
  simple(line: SimpleLine, off: number): void
  exact(event: LogEvent, off: number): void
  /** Rows so far. */
  count(): number
  end(): void
}

interface ChunkOptions {
  readonly bytes: Buffer
  /** Offset of the bytes in their log. */
  readonly start: number
  readonly reader: LineReader
  readonly hold: Hold
  readonly texts: Texts
  /** Told of every block of rows, which is filled anew behind it. */
  readonly onRows: (rows: Rows) => void
}

/** The texts of a chunk, each of which gets a number. */
export const textsIn = (bytes: Buffer): Texts => {
  const program = programOf(bytes)
  return program === undefined ? scriptTexts(bytes) : programTexts(program)
}

/** Makes rows of the lines of a chunk. */
export const beginRows = ({ bytes, start, reader, hold, texts, onRows }: ChunkOptions): RowsBuilder => {
  const program = programOf(bytes)
  const block = program === undefined ? newBlock() : blockOf(program)
  const { counts } = block
  let odd: string[] = []
  let offsets = new Map<number, number>()
  let held = 0
  let taken = 0
  counts.fill(0)

  const flush = (): void => {
    const count = counts[0] ?? 0
    if (count === 0) return
    onRows({ ...block, count, bytes, texts, odd, offsets })
    taken += count
    counts.fill(0)
    odd = []
    offsets = new Map()
    hold(-held)
    held = 0
  }

  const isBlockFull = (): boolean =>
    counts[0] === layout.blockRows || (counts[1] ?? 0) > layout.mostOwn - layout.columnCount

  const nextRow = (): number => {
    if (isBlockFull()) flush()
    const row = counts[0] ?? 0
    counts[0] = row + 1
    return row
  }

  const putPlace = (row: number, off: number): void => {
    const place = off - start
    const follows = place >= 0 && place <= bytes.length
    block.places[row] = follows ? place : 0
    if (!follows) offsets.set(row, off)
  }

  const put = (row: number, column: number, value: number): void => {
    const values = block.values[column]
    if (values !== undefined) values[row] = value
  }

  const putOwn = (row: number, column: number, start: number, end: number): void => {
    const count = counts[1] ?? 0
    block.own[2 * count] = start
    block.own[2 * count + 1] = end
    counts[1] = count + 1
    put(row, column, layout.isOwn - count)
  }

  const putRange = (row: number, column: number, start: number, end: number): number => {
    const number = texts.of(column, start, end)
    if (number < 0) putOwn(row, column, start, end)
    else put(row, column, number)
    return number
  }

  const putPresent = (row: number, column: number, start: number, end: number): void => {
    if (start === end || (end === start + 1 && bytes[start] === 45)) put(row, column, layout.isNull)
    else putRange(row, column, start, end)
  }

  const putOdd = (row: number, column: number, text: string): void => {
    putOwn(row, column, odd.length, -1)
    odd.push(text)
    const more = heldBy.text + 3 * text.length
    held += more
    hold(more)
  }

  const putText = (row: number, column: number, text: string | null): number => {
    const number = text === null ? -1 : texts.ofText(column, text)
    if (text === null) put(row, column, layout.isNull)
    else if (number < 0) putOdd(row, column, text)
    else put(row, column, number)
    return number
  }

  const putMessage = (row: number, method: number, path: number, status: number): void => {
    put(row, layout.messageColumn, method < 0 || path < 0 ? layout.isNull : texts.ofMessage(method, path, status))
  }

  return {
    many: (from) => {
      if (program === undefined) return from
      if (isBlockFull()) flush()
      return reader.many(from, (table, high, fits) => program.numberLines(from, bytes.length, table, high, fits))
    },
    simple: (line, off) => {
      const row = nextRow()
      block.times[row] = BigInt(line.second) * 1_000_000n + BigInt(line.micros)
      block.durations[row] = line.durationMs
      putPlace(row, off)
      block.statuses[row] = line.status
      putRange(row, layout.clientColumn, line.clientStart, line.clientEnd)
      putPresent(row, layout.userColumn, line.userStart, line.userEnd)
      const method = putRange(row, layout.methodColumn, line.methodStart, line.methodEnd)
      const path = putRange(row, layout.pathColumn, line.pathStart, line.pathEnd)
      putPresent(row, layout.protocolColumn, line.protocolStart, line.protocolEnd)
      putPresent(row, layout.refererColumn, line.refererStart, line.refererEnd)
      putPresent(row, layout.agentColumn, line.agentStart, line.agentEnd)
      putPresent(row, layout.hostColumn, line.hostStart, line.hostEnd)
      putPresent(row, layout.forwardedColumn, line.forwardedStart, line.forwardedEnd)
      if (line.sizeEnd > line.sizeStart) putRange(row, layout.sizeColumn, line.sizeStart, line.sizeEnd)
      else put(row, layout.sizeColumn, line.size < 0 ? layout.isNull : layout.isZero)
      putMessage(row, method, path, line.status)
    },
    exact: (event, off) => {
      const row = nextRow()
      const { status } = event
      block.times[row] = BigInt(event.second) * 1_000_000n + BigInt(event.micros)
      block.durations[row] = event.durationMs ?? -1
      putPlace(row, off)
      block.statuses[row] = status
      putText(row, layout.clientColumn, event.client)
      putText(row, layout.userColumn, event.user)
      const method = putText(row, layout.methodColumn, event.method)
      const path = putText(row, layout.pathColumn, event.path)
      putText(row, layout.protocolColumn, event.protocol)
      putText(row, layout.refererColumn, event.referer)
      putText(row, layout.agentColumn, event.agent)
      putText(row, layout.hostColumn, event.host)
      putText(row, layout.forwardedColumn, event.forwarded)
      putText(row, layout.sizeColumn, event.size === null ? null : String(event.size))
      if (event.method === null) putOdd(row, layout.messageColumn, event.request)
      else putMessage(row, method, path, status)
    },
    count: () => taken + (counts[0] ?? 0),
    end: flush,
  }
}
