import { areaBytes } from './layout.ts'
import { programBytes } from './program.ts'

/**
 * The first place from `at` on in a room whose byte ends plain text: below 32, a quote, a backslash, and with `high` 128 every byte
 * above 127, with 0 none of them. It may lie behind the room's end.
 */
export type FindStop = (at: number, high: 0 | 128) => number

const page = 65_536
/** The first place in `[at, end)` with one of four bytes; `end` or more when there is none. */
type FindAny = (at: number, end: number, a: number, b: number, c: number, d: number) => number

/** The first place in `[at, end)` of three dots or dashes as near to each other as in an address, or of two colons so; `end` or more when there is none. */
type FindMarks = (at: number, end: number) => number

/** Scans lines one behind another by a table; how many records it wrote. Tables and records are places in the area behind the room. */
type ScanLines = (
  from: number,
  lineStart: number,
  length: number,
  table: number,
  high: 0 | 128,
  record: number,
  most: number,
) => number

/** Writes ids into the area: a head, and the digits of a base and a place; their bytes. */
type PutIds = (head: number, headLength: number, base: number, places: number, count: number) => number

/** Counts lines one behind another that no rule can meet; the place behind the last. */
type CountLines = (
  from: number,
  length: number,
  table: number,
  high: 0 | 128,
  fits: number,
  window: number,
  seconds: number,
  kind: number,
  most: number,
) => number

interface Exports {
  readonly beginCounts: () => void
  readonly countLines: CountLines
  readonly putIds: PutIds
  readonly beginNumbers: () => void
  readonly numberOf: (column: number, from: number, to: number) => number
  readonly numberOfMessage: (method: number, path: number, status: number) => number
  readonly numberLines: (from: number, length: number, table: number, high: 0 | 128, fits: number) => number
  readonly findStop: FindStop
  readonly findAny: FindAny
  readonly findMarks: FindMarks
  readonly scanLines: ScanLines
  readonly setArea: (at: number) => void
}

/** What can be done with the bytes of a room, and the area behind it where tables and records are. */
export interface RoomProgram extends Omit<Exports, 'setArea'> {
  readonly area: DataView
}

const programs = new WeakMap<ArrayBufferLike, RoomProgram>()
let program: WebAssembly.Module | undefined

/** Memory for `bytes` bytes that can be searched many at a time, where this machine can do that; else ordinary memory. */
export const allocateRoom = (bytes: number): Buffer => {
  try {
    program ??= new WebAssembly.Module(Buffer.from(programBytes, 'base64'))
    // the page behind the room stays zero: a search ends there
    const pages = Math.ceil(bytes / page) + 1
    const memory = new WebAssembly.Memory({ initial: pages + Math.ceil(areaBytes / page) })
    const exports = new WebAssembly.Instance(program, { env: { memory } }).exports as unknown as Exports
    exports.setArea(pages * page)
    programs.set(memory.buffer, {
      ...exports,
      area: new DataView(memory.buffer, pages * page, Math.ceil(areaBytes / page) * page),
    })
    return Buffer.from(memory.buffer, 0, bytes)
  } catch {
    // no vector instructions, or too little address space
    return Buffer.allocUnsafeSlow(bytes)
  }
}

/** The program of a room that `allocateRoom` gave, if `bytes` is its beginning. */
export const programOf = (bytes: Uint8Array): RoomProgram | undefined =>
  bytes.byteOffset === 0 ? programs.get(bytes.buffer) : undefined

/** The search for stops through such a room. */
export const findStopIn = (bytes: Uint8Array): FindStop | undefined => programOf(bytes)?.findStop
