import { crc32 } from 'node:zlib'
import { allocateRoom } from '../vector/room.ts'
import type { Source } from './source.ts'

/** The longest line that is held whole, in bytes without its end. */
const lineLimit = 1024 * 1024
const lf = 10
const cr = 13

export interface Cut {
  readonly start: number
  readonly end: number
  /** Valid until the next call. */
  readonly bytes: Uint8Array
  readonly oversizedLine?: number
}

interface NewCut extends Cut {
  /** CRC-32 of the content up to `end`. */
  readonly checksum: number
}

export interface CutterOptions {
  readonly source: Source
  readonly chunkBytes: number
  /** True when a last line without LF counts; asked after the bytes of that line were read. */
  readonly complete: () => boolean
  /** Memory for the chunk; cutters that take turns share it. */
  readonly room: Room
}

export interface Room {
  buffer: Buffer
}

export interface Cutter {
  /** The chunk that begins at an offset, up to which the content has this checksum; undefined while no whole line follows it or the file changed in place. */
  next(start: number, checksum?: number): Promise<NewCut | undefined>
  /** The bytes of a chunk that was cut before, or undefined where they are gone. */
  exact(chunk: {
    readonly start: number
    readonly end: number
    readonly oversizedLine?: number | undefined
  }): Promise<Cut | undefined>
}

/** Cuts the content of a log at line ends into chunks of bounded size, in bounded memory. */
export const openCutter = ({ source, chunkBytes, complete, room }: CutterOptions): Cutter => {
  let from = 0
  let held = 0

  /** Makes the buffer hold `length` bytes from an offset, keeping those that it has; fewer where the content ends. */
  const hold = async (start: number, length: number): Promise<Buffer> => {
    const kept = start >= from && start <= from + held ? room.buffer.subarray(start - from, held) : Buffer.alloc(0)
    const target = length > room.buffer.length ? allocateRoom(length) : room.buffer
    kept.copy(target)
    room.buffer = target
    from = start
    held = kept.length
    if (held < length) held += await source.read(start + held, target.subarray(held, length))
    return target.subarray(0, Math.min(held, length))
  }

  const longLine = async (start: number, checksum: number): Promise<NewCut | undefined> => {
    const beginning = Buffer.from(await hold(start, lineLimit))
    let sum = crc32(beginning, checksum)
    let at = start + lineLimit
    let last = beginning[lineLimit - 1]
    while (at < source.size) {
      const block = await hold(at, Math.min(lineLimit, source.size - at))
      if (block.length === 0) return undefined
      const index = block.indexOf(lf)
      const before = index > 0 ? block[index - 1] : last
      sum = crc32(index < 0 ? block : block.subarray(0, index + 1), sum)
      if (index >= 0) return oversized(beginning, { start, end: at + index + 1, ending: before === cr ? 2 : 1, sum })
      last = block[block.length - 1]
      at += block.length
    }
    return complete() ? oversized(beginning, { start, end: source.size, ending: last === cr ? 1 : 0, sum }) : undefined
  }

  const cut = async (start: number, checksum: number): Promise<NewCut | undefined> => {
    const whole = (bytes: Uint8Array, length: number): NewCut => {
      const part = bytes.subarray(0, length)
      return { start, end: start + length, bytes: part, checksum: crc32(part, checksum) }
    }
    const left = source.size - start
    if (left <= 0) return undefined
    const bytes = lessOfLongLines(await hold(start, Math.min(chunkBytes, left)))
    if (bytes.length === left && complete()) return whole(bytes, left)
    const end = bytes.lastIndexOf(lf) + 1
    if (end > 0) return whole(bytes, end)
    if (bytes.length >= lineLimit + 2) return longLine(start, checksum)
    const line = await hold(start, Math.min(lineLimit + 2, left))
    const lineEnd = line.indexOf(lf) + 1
    const ending = lineEnd > 1 && line[lineEnd - 2] === cr ? 2 : 1
    if (lineEnd > 0 && lineEnd - ending <= lineLimit) return whole(line, lineEnd)
    const sum = crc32(line.subarray(0, lineEnd), checksum)
    if (lineEnd > 0)
      return oversized(Buffer.from(line.subarray(0, lineLimit)), { start, end: start + lineEnd, ending, sum })
    if (line.length === left) return complete() ? whole(line, left) : undefined
    return longLine(start, checksum)
  }

  const checked = <Made extends Cut>(result: Made | undefined): Made | undefined =>
    result !== undefined && source.holds(result.end) ? result : undefined

  return {
    next: async (start, checksum = 0) => checked(await cut(start, checksum)),
    exact: async ({ start, end, oversizedLine }) => {
      if (end > source.size) return undefined
      const length = oversizedLine === undefined ? end - start : lineLimit
      const bytes = await hold(start, length)
      if (bytes.length < length) return undefined
      return checked({ start, end, bytes, ...(oversizedLine === undefined ? {} : { oversizedLine }) })
    },
  }
}

/** Lines of more than a KiB on average are worked on in smaller chunks: most of what a stage holds of one grows with the texts in it. */
const lessOfLongLines = (bytes: Buffer): Buffer =>
  bytes.length > chunkOfLongLines && hasLongLines(bytes) ? bytes.subarray(0, chunkOfLongLines) : bytes

const chunkOfLongLines = 8 * 1024 * 1024

const hasLongLines = (bytes: Buffer): boolean => {
  let at = 0
  for (let lines = 0; lines < 1024; lines++) {
    at = bytes.indexOf(lf, at) + 1
    if (at === 0 || at > 1024 * 1024) return true
  }
  return false
}

interface LongLine {
  readonly start: number
  readonly end: number
  /** Bytes of its line end. */
  readonly ending: number
  readonly sum: number
}

const oversized = (beginning: Uint8Array, { start, end, ending, sum }: LongLine): NewCut => ({
  start,
  end,
  bytes: beginning,
  oversizedLine: end - start - ending,
  checksum: sum,
})
