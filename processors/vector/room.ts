import { findStopProgram } from './find-stop.ts'

/**
 * The first place from `at` on in a room whose byte ends plain text: below 32, a quote, a backslash, and with `high` 128 every byte
 * above 127, with 0 none of them. It may lie behind the room's end.
 */
export type FindStop = (at: number, high: 0 | 128) => number

const page = 65_536
const finders = new WeakMap<ArrayBufferLike, FindStop>()
let program: WebAssembly.Module | undefined

/** Memory for `bytes` bytes that can be searched many at a time, where this machine can do that; else ordinary memory. */
export const allocateRoom = (bytes: number): Buffer => {
  try {
    program ??= new WebAssembly.Module(Buffer.from(findStopProgram, 'base64'))
    // the page behind the room stays zero: a search ends there
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / page) + 1 })
    const { exports } = new WebAssembly.Instance(program, { room: { memory } })
    finders.set(memory.buffer, exports['findStop'] as FindStop)
    return Buffer.from(memory.buffer, 0, bytes)
  } catch {
    // no vector instructions, or too little address space
    return Buffer.allocUnsafeSlow(bytes)
  }
}

/** The search through a room that `allocateRoom` gave, if `bytes` is its beginning. */
export const findStopIn = (bytes: Uint8Array): FindStop | undefined =>
  bytes.byteOffset === 0 ? finders.get(bytes.buffer) : undefined
