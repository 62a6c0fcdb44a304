import { closeSync, fstatSync } from 'node:fs'
import { AppError } from '../../src/core/errors.ts'
import type { OwnFile } from '../../src/core/own-files.ts'
import { kindOf } from './file-kind.ts'
import { openRegular } from './open-regular.ts'
import { openPacked } from './packed-source.ts'
import { refuseFile, refuseZstd } from './refusal.ts'
import { fill, headLength, inodeText, type Measured, type OpenFile, type Source } from './source.ts'
import { canUnpack } from './unpack.ts'

/** A file as it was found; with a folder, a link that leads out of it is refused. */
export interface FoundFile extends Pick<OwnFile, 'path' | 'stream'> {
  readonly folder?: string
}

/** Opens a log file, as what its first bytes say that it is; throws the system's error, or an AppError for what is no text. */
export const openSource = async (
  { path: place, stream, folder }: FoundFile,
  measured: Measured = () => undefined,
): Promise<Source> => {
  const path = stream?.name ?? place
  const isStream = stream !== undefined
  const descriptor = openRegular(place, folder)
  try {
    const found = fstatSync(descriptor)
    const { size } = found
    const head = Buffer.alloc(Math.min(headLength, size))
    const filled = head.subarray(0, fill(descriptor, 0, head))
    if (size === 0 && /\.(gz|zst)$/.test(place)) throw emptyPacked(path)
    const file: OpenFile = {
      path,
      descriptor,
      inode: inodeText(found),
      size,
      ...(isStream ? { stream: stream.sha256 } : {}),
    }
    const kind = kindOf(filled)
    if (kind === 'text') return plainSource(file, filled)
    if (kind !== 'gzip' && kind !== 'zstd') throw refuseFile({ path, kind, isStream })
    if (!canUnpack(kind)) throw refuseZstd(path, isStream, process.versions.node)
    return await openPacked({ ...file, packing: kind, measured })
  } catch (thrown) {
    closeSync(descriptor)
    throw thrown
  }
}

const emptyPacked = (path: string): AppError =>
  new AppError({
    what: `${path} is empty, which no packed file is.`,
    next: ['Replace or remove it; while it is being packed, run the stage again.'],
  })

/** A file that changed so lately may be in the middle of a line, in milliseconds. */
const quietMs = 2_000
/** A file that changed so far in the future was written by another clock, which then says nothing. */
const skewMs = 5_000

const plainSource = ({ path, descriptor, inode, size, stream }: OpenFile, head: Uint8Array): Source => {
  const again = Buffer.alloc(head.length)
  const opened = fstatSync(descriptor)
  return {
    path,
    inode,
    size,
    ...(stream === undefined ? {} : { stream }),
    head,
    read: async (offset, into) => fill(descriptor, offset, into),
    holds: (end) =>
      fstatSync(descriptor).size >= end && fill(descriptor, 0, again) === head.length && again.equals(head),
    mayGrow: (now) => {
      const { size: newest, mtimeMs } = fstatSync(descriptor)
      const age = now - mtimeMs
      const isFresh = age < quietMs && age > -skewMs
      return stream === undefined && (newest !== size || mtimeMs !== opened.mtimeMs || isFresh)
    },
    close: () => closeSync(descriptor),
  }
}
