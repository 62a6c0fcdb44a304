import { closeSync, fstatSync } from 'node:fs'
import { AppError } from '../../src/core/errors.ts'
import { kindOf, type Packing } from './file-kind.ts'
import { refuseFile } from './refusal.ts'
import { headLength, type Measured, type OpenFile, type Source } from './source.ts'
import { unpack } from './unpack.ts'

interface Options extends OpenFile {
  readonly packing: Packing
  readonly measured: Measured
}

interface Unpacking {
  /** Offset of the next byte that `fill` gives. */
  readonly position: () => number
  fill(into: Uint8Array): Promise<number>
  /** Why the content ended before it was complete. */
  readonly problem: () => AppError | undefined
  close(): void
}

/** A packed file, read forwards; going back unpacks it from its beginning again. */
export const openPacked = async (options: Options): Promise<Source> => {
  const { path, descriptor, inode, size: packed, packing, measured, stream } = options
  const start = (): Unpacking => startUnpacking(options)
  let unpacking = start()
  const first = Buffer.alloc(headLength)
  const head = first.subarray(0, await unpacking.fill(first))
  const inner = kindOf(head)
  if (inner !== 'text') {
    unpacking.close()
    throw refuseFile({ path, kind: inner, inside: packing, isStream: stream !== undefined })
  }
  const size = measured({ inode, head, packed }) ?? (await skip(unpacking, Number.POSITIVE_INFINITY))
  const problem = unpacking.problem()
  const isSame = (): boolean => fstatSync(descriptor).size === packed
  return {
    path,
    inode,
    size,
    ...(problem === undefined ? { packed } : { problem, isCutOff: isCutOff(problem.cause) }),
    ...(stream === undefined ? {} : { stream }),
    head,
    read: async (offset, into) => {
      if (offset < unpacking.position()) {
        unpacking.close()
        unpacking = start()
      }
      await skip(unpacking, offset)
      return unpacking.position() === offset ? unpacking.fill(into) : 0
    },
    holds: isSame,
    mayGrow: () => problem !== undefined || !isSame(),
    close: () => {
      unpacking.close()
      closeSync(descriptor)
    },
  }
}

const startUnpacking = ({ path, descriptor, packing }: Options): Unpacking => {
  const pieces = unpack(packing, descriptor)
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
      problem = damaged(path, packing, position, thrown)
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
      pieces.return(undefined).catch(() => undefined)
    },
  }
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

const isCutOff = (cause: unknown): boolean => cause instanceof Error && cause.message === 'unexpected end of file'

const damaged = (path: string, packing: Packing, position: number, cause: unknown): AppError =>
  new AppError({
    what: `${path} cannot be unpacked beyond byte ${position} of its content.`,
    why: `${cause instanceof Error ? cause.message : String(cause)}.`,
    next: [`Check it with ${packing === 'gzip' ? 'gzip' : 'zstd'} -t, and replace or remove it.`],
    cause,
  })
