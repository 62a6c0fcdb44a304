import { randomUUID } from 'node:crypto'
import { chmodSync, closeSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../run/explain.ts'

/** Makes the folder, readable for its owner alone; `.bbq` above it as well. */
export const ownFolder = (data: string, ...parts: readonly string[]): string => {
  const own = join(data, '.bbq')
  const folder = join(own, ...parts)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(own, 0o700)
  return folder
}

const writeAside = (path: string, content: string | Uint8Array): string => {
  const aside = `${path}.${randomUUID()}`
  const file = openSync(aside, 'wx', 0o600)
  try {
    writeSync(file, Buffer.from(content))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return aside
}

/** Puts the file there whole, readable for its owner alone, over whatever was there. */
export const replaceFile = (path: string, content: string | Uint8Array): void => {
  renameSync(writeAside(path, content), path)
}

/** Puts the file there whole unless there is one; true when it was made now, so that of two only the first wins. */
export const makeFile = (path: string, content: string): boolean => {
  const aside = writeAside(path, content)
  try {
    linkSync(aside, path)
    return true
  } catch (thrown) {
    if (errorCode(thrown) === 'EEXIST') return false
    throw thrown
  } finally {
    rmSync(aside)
  }
}
