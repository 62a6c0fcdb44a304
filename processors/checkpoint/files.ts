import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../run/explain.ts'

/** Makes a folder that only its owner may enter, with the folders above it. */
export const makePrivateFolder = (path: string): void => {
  mkdirSync(path, { recursive: true, mode: 0o700 })
}

/** Writes a new file that only its owner may read, and waits until the disk has it. */
export const writeDurably = (path: string, content: string | Uint8Array): void => {
  const descriptor = openSync(path, 'wx', 0o600)
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    let written = 0
    while (written < bytes.length) written += writeSync(descriptor, bytes, written, bytes.length - written)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Waits until the disk has the names in a folder. */
export const syncFolder = (path: string): void => {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

export type Claim = 'made' | 'taken' | 'moved'

/** Puts a whole file at a name that nobody has yet: one of many callers makes it, the others find it taken, or the folder moved. */
export const claimFile = (folder: string, name: string, aside: string, content: string): Claim => {
  const path = join(folder, aside)
  let descriptor: number | undefined
  try {
    // opened first: once the link is made the claim stands, even if the folder is renamed before the sync
    descriptor = openSync(folder, 'r')
    writeDurably(path, content)
    linkSync(path, join(folder, name))
    fsyncSync(descriptor)
    return 'made'
  } catch (thrown) {
    const code = errorCode(thrown)
    if (code === 'EEXIST') return 'taken'
    if (code === 'ENOENT') return 'moved'
    throw thrown
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
    removeFile(path)
  }
}

/** Removes a file; one that is gone already is fine. */
export const removeFile = (path: string): void => {
  try {
    unlinkSync(path)
  } catch (thrown) {
    if (errorCode(thrown) !== 'ENOENT') throw thrown
  }
}
