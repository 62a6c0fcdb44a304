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
  /** The chunk that begins at an offset, or undefined while no whole line follows it or the file changed in place. */
  next(start: number): Promise<Cut | undefined>
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

  const longLine = async (start: number): Promise<Cut | undefined> => {
    const beginning = Buffer.from(await hold(start, lineLimit))
    let at = start + lineLimit
    let last = beginning[lineLimit - 1]
    while (at < source.size) {
      const block = await hold(at, Math.min(lineLimit, source.size - at))
      if (block.length === 0) return undefined
      const index = block.indexOf(lf)
      const before = index > 0 ? block[index - 1] : last
      if (index >= 0) return oversized(beginning, start, at + index + 1, before === cr ? 2 : 1)
      last = block[block.length - 1]
      at += block.length
    }
    return complete() ? oversized(beginning, start, source.size, last === cr ? 1 : 0) : undefined
  }

  const cut = async (start: number): Promise<Cut | undefined> => {
    const left = source.size - start
    if (left <= 0) return undefined
    const bytes = lessOfLongLines(await hold(start, Math.min(chunkBytes, left)))
    if (bytes.length === left && complete()) return whole(start, bytes, left)
    const end = bytes.lastIndexOf(lf) + 1
    if (end > 0) return whole(start, bytes, end)
    if (bytes.length >= lineLimit + 2) return longLine(start)
    const line = await hold(start, Math.min(lineLimit + 2, left))
    const lineEnd = line.indexOf(lf) + 1
    const ending = lineEnd > 1 && line[lineEnd - 2] === cr ? 2 : 1
    if (lineEnd > 0 && lineEnd - ending <= lineLimit) return whole(start, line, lineEnd)
    if (lineEnd > 0) return oversized(Buffer.from(line.subarray(0, lineLimit)), start, start + lineEnd, ending)
    if (line.length === left) return complete() ? whole(start, line, left) : undefined
    return longLine(start)
  }

  const checked = (result: Cut | undefined): Cut | undefined =>
    result !== undefined && source.holds(result.end) ? result : undefined

  return {
    next: async (start) => checked(await cut(start)),
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

const whole = (start: number, bytes: Uint8Array, length: number): Cut => ({
  start,
  end: start + length,
  bytes: bytes.subarray(0, length),
})

const oversized = (beginning: Uint8Array, start: number, end: number, ending: number): Cut => ({
  start,
  end,
  bytes: beginning,
  oversizedLine: end - start - ending,
})
