import { closeSync, fstatSync, openSync } from 'node:fs'
import { openPacked } from './packed-source.ts'
import { fill, headLength, type Source } from './source.ts'

/** Opens a log file, plain or gzip; throws the system's error. */
export const openSource = async (
  path: string,
  measured: (head: Uint8Array, packed: number) => number | undefined,
): Promise<Source> => {
  const descriptor = openSync(path, 'r')
  try {
    const { size, ino } = fstatSync(descriptor)
    const head = Buffer.alloc(Math.min(headLength, size))
    const filled = fill(descriptor, 0, head)
    if (head[0] === 0x1f && head[1] === 0x8b) return await openPacked({ path, descriptor, inode: ino, size, measured })
    return plainSource(path, descriptor, ino, size, head.subarray(0, filled))
  } catch (thrown) {
    closeSync(descriptor)
    throw thrown
  }
}

const plainSource = (path: string, descriptor: number, inode: number, size: number, head: Uint8Array): Source => {
  const again = Buffer.alloc(head.length)
  return {
    path,
    inode,
    size,
    head,
    read: async (offset, into) => fill(descriptor, offset, into),
    holds: (end) =>
      fstatSync(descriptor).size >= end && fill(descriptor, 0, again) === head.length && again.equals(head),
    close: () => closeSync(descriptor),
  }
}
