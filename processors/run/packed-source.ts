import { closeSync, fstatSync } from 'node:fs'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AppError } from '../../src/core/errors.ts'
import { fill, headLength, type Source } from './source.ts'

interface Options {
  readonly path: string
  readonly descriptor: number
  readonly inode: number
  /** Length of the packed file. */
  readonly size: number
  readonly measured: (head: Uint8Array, packed: number) => number | undefined
}

interface Unpacking {
  /** Offset of the next byte that `fill` gives. */
  readonly position: () => number
  fill(into: Uint8Array): Promise<number>
  /** Why the content ended before it was complete. */
  readonly problem: () => AppError | undefined
  close(): void
}

/** A gzip file, read forwards; going back unpacks it from its beginning again. */
export const openPacked = async ({ path, descriptor, inode, size: packed, measured }: Options): Promise<Source> => {
  const unpack = (): Unpacking => startUnpacking(path, descriptor)
  let unpacking = unpack()
  const first = Buffer.alloc(headLength)
  const head = first.subarray(0, await unpacking.fill(first))
  const size = measured(head, packed) ?? (await skip(unpacking, Number.POSITIVE_INFINITY))
  const problem = unpacking.problem()
  return {
    path,
    inode,
    size,
    ...(problem === undefined ? { packed } : { problem }),
    head,
    read: async (offset, into) => {
      if (offset < unpacking.position()) {
        unpacking.close()
        unpacking = unpack()
      }
      await skip(unpacking, offset)
      return unpacking.position() === offset ? unpacking.fill(into) : 0
    },
    holds: () => fstatSync(descriptor).size === packed,
    close: () => {
      unpacking.close()
      closeSync(descriptor)
    },
  }
}

const startUnpacking = (path: string, descriptor: number): Unpacking => {
  const file = packedBytes(descriptor)
  const content = createGunzip({ chunkSize: 256 * 1024 })
  file.on('error', (error) => content.destroy(error))
  file.pipe(content)
  const pieces = content[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let piece: Buffer = Buffer.alloc(0)
  let position = 0
  let problem: AppError | undefined
  const more = async (): Promise<boolean> => {
    try {
      const { value, done } = await pieces.next()
      if (done) return false
      piece = value
      return true
    } catch (thrown) {
      problem = damaged(path, position, thrown)
      return false
    }
  }
  return {
    position: () => position,
    problem: () => problem,
    fill: async (into) => {
      let filled = 0
      while (filled < into.length) {
        if (piece.length === 0 && !(await more())) break
        const part = piece.subarray(0, into.length - filled)
        into.set(part, filled)
        piece = piece.subarray(part.length)
        filled += part.length
        position += part.length
      }
      return filled
    },
    close: () => {
      file.unpipe(content)
      file.destroy()
      content.destroy()
    },
  }
}

/** The packed file as a stream that leaves its descriptor open. */
const packedBytes = (descriptor: number): Readable => {
  let at = 0
  return new Readable({
    read() {
      const block = Buffer.allocUnsafe(256 * 1024)
      const got = fill(descriptor, at, block)
      at += got
      this.push(got === 0 ? null : block.subarray(0, got))
    },
  })
}

/** Goes on to an offset, or to the end of the content; gives the offset reached. */
const skip = async (unpacking: Unpacking, offset: number): Promise<number> => {
  const block = Buffer.alloc(256 * 1024)
  while (unpacking.position() < offset) {
    const wanted = Math.min(block.length, offset - unpacking.position())
    if ((await unpacking.fill(block.subarray(0, wanted))) < wanted) break
  }
  return unpacking.position()
}

const damaged = (path: string, position: number, cause: unknown): AppError =>
  new AppError({
    what: `${path} cannot be unpacked beyond byte ${position} of its content.`,
    why: `${cause instanceof Error ? cause.message : String(cause)}.`,
    next: ['Check it with gzip -t, and replace or remove it.'],
    cause,
  })
