import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import zlib from 'node:zlib'
import { kindOf, type Packing } from '../run/file-kind.ts'
import { findRegular } from '../run/open-regular.ts'
import { refuseFile, refuseZstd } from '../run/refusal.ts'
import { canUnpack } from '../run/unpack.ts'

/** Bytes that are read at each end of a file, whatever its size. */
const endBytes = 256 * 1024
/** Bytes that are unpacked of the start of a packed file. */
const unpackedBytes = 1024 * 1024

/** The ends of a log file. */
export interface LogEnds {
  readonly head: readonly string[]
  /** Nothing where it cannot be read without the rest, as in a packed file. */
  readonly tail: readonly string[]
  readonly bytes: number
  readonly lines: number
  /** Whether the lines are an estimate. */
  readonly about: boolean
}

const linesOf = (bytes: Buffer): readonly string[] => bytes.toString('utf8').split('\n')

const isText = (line: string): boolean => line.trim() !== ''

const readAt = async (file: FileHandle, position: number, length: number): Promise<Buffer> => {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, position)
  return buffer.subarray(0, bytesRead)
}

/** Lines without the first and last pieces, which may be cut. */
const whole = (lines: readonly string[], { atStart, atEnd }: { readonly atStart: boolean; readonly atEnd: boolean }) =>
  lines.slice(atStart ? 0 : 1, atEnd ? undefined : -1).filter(isText)

const estimate = (lines: number, seen: number, of: number): number =>
  seen === 0 ? 0 : Math.round((Math.max(1, lines) * of) / seen)

/** As much of the content as the first packed bytes give, and how many of them that took. */
const unpackStart = async (packed: Buffer, packing: Packing, isWhole: boolean) => {
  const unpacker = packing === 'gzip' ? zlib.createGunzip() : zlib.createZstdDecompress()
  unpacker.end(packed)
  const pieces: Buffer[] = []
  let length = 0
  let ended = false
  try {
    for await (const piece of unpacker) {
      pieces.push(piece as Buffer)
      length += (piece as Buffer).length
      if (length >= unpackedBytes) break
    }
    ended = length < unpackedBytes && isWhole
  } catch (thrown) {
    // packed bytes that were cut here end too early; only that is no damage
    if (isWhole || length === 0) throw thrown
  }
  return { text: Buffer.concat(pieces), used: unpacker.bytesWritten || packed.length, ended }
}

const packedEnds = async (first: Buffer, size: number, packing: Packing): Promise<LogEnds> => {
  const { text, used, ended } = await unpackStart(first, packing, first.length === size)
  const head = whole(linesOf(text), { atStart: true, atEnd: ended })
  return {
    head,
    tail: ended ? head : [],
    bytes: size,
    lines: ended ? head.length : estimate(head.length, used, size),
    about: !ended,
  }
}

/** Reads only the ends of a file, so that one of 10 GB takes no longer than one of 1 MB. Throws an AppError for what is no text. */
export const readEnds = async (path: string): Promise<LogEnds> => {
  const file = await open(findRegular(path), constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const { size } = await file.stat()
    const first = await readAt(file, 0, Math.min(size, endBytes))
    const kind = kindOf(first)
    if (kind !== 'text' && kind !== 'gzip' && kind !== 'zstd') throw refuseFile({ path, kind, isStream: false })
    if (kind !== 'text' && !canUnpack(kind)) throw refuseZstd(path, false, process.versions.node)
    if (kind !== 'text') return await packedEnds(first, size, kind)
    const all = first.length >= size
    const head = whole(linesOf(first), { atStart: true, atEnd: all })
    if (all) return { head, tail: head, bytes: size, lines: head.length, about: false }
    const start = Math.max(first.length, size - endBytes)
    const last = await readAt(file, start, size - start)
    const tail = whole(linesOf(last), { atStart: false, atEnd: true })
    const lines = estimate(head.length + tail.length, first.length + last.length, size)
    return { head, tail, bytes: size, lines, about: true }
  } finally {
    await file.close()
  }
}
