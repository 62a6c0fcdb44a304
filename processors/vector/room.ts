import { searchProgram } from './search.ts'

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

interface Searches {
  readonly findStop: FindStop
  readonly findAny: FindAny
  readonly findMarks: FindMarks
}

const searches = new WeakMap<ArrayBufferLike, Searches>()
let program: WebAssembly.Module | undefined

/** Memory for `bytes` bytes that can be searched many at a time, where this machine can do that; else ordinary memory. */
export const allocateRoom = (bytes: number): Buffer => {
  try {
    program ??= new WebAssembly.Module(Buffer.from(searchProgram, 'base64'))
    // the page behind the room stays zero: a search ends there
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / page) + 1 })
    const { exports } = new WebAssembly.Instance(program, { room: { memory } })
    searches.set(memory.buffer, exports as unknown as Searches)
    return Buffer.from(memory.buffer, 0, bytes)
  } catch {
    // no vector instructions, or too little address space
    return Buffer.allocUnsafeSlow(bytes)
  }
}

/** The searches through a room that `allocateRoom` gave, if `bytes` is its beginning. */
export const searchesIn = (bytes: Uint8Array): Searches | undefined =>
  bytes.byteOffset === 0 ? searches.get(bytes.buffer) : undefined

/** The search for stops through such a room. */
export const findStopIn = (bytes: Uint8Array): FindStop | undefined => searchesIn(bytes)?.findStop
