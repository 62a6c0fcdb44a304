import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../src/core/errors.ts'
import { errorCode } from '../run/explain.ts'

/** Whose files may be trusted with a key: this user's, whatever anybody else has put in their place. */
const mustBeOwn = (path: string, kind: 'folder' | 'file'): void => {
  const found = lstatSync(path)
  const right = kind === 'folder' ? found.isDirectory() : found.isFile()
  if (right && found.uid === process.getuid?.() && (kind === 'folder' || (found.mode & 0o077) === 0)) return
  throw new AppError({
    what: `${path} was not made by the preparation of this node.`,
    why: right
      ? `It belongs to user ${found.uid} with mode ${(found.mode & 0o777).toString(8)}, so somebody else could read what is put there.`
      : `It is no ${kind}.`,
    next: ['Remove it on the node, then prepare the node again.'],
    kind: 'refused',
  })
}

/** Makes the folder, readable for its owner alone, `.bbq` above it as well; one that is somebody else's is refused. */
export const ownFolder = (data: string, ...parts: readonly string[]): string => {
  const own = join(data, '.bbq')
  const folder = join(own, ...parts)
  mkdirSync(own, { recursive: true, mode: 0o700 })
  mustBeOwn(own, 'folder')
  chmodSync(own, 0o700)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** Throws for a file that others can read or that somebody else has put there. */
export const mustBeSecret = (path: string): void => mustBeOwn(path, 'file')

const asideOf = (path: string): string => `${path}.${randomUUID()}`
const leftover = /\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Younger ones may be another run's, at work now; milliseconds. */
const leftoverAge = 600_000

/** Removes what killed or failed writes left aside of a file, or of every file of the folder. */
export const removeLeftovers = (folder: string, name?: string, age = leftoverAge): void => {
  for (const one of readdirSync(folder)) {
    if (!leftover.test(one) || (name !== undefined && one.replace(leftover, '') !== name)) continue
    const path = join(folder, one)
    const found = lstatSync(path, { throwIfNoEntry: false })
    if (found !== undefined && Date.now() - found.mtimeMs >= age) rmSync(path, { recursive: true, force: true })
  }
}

const writeAside = (path: string, content: string | Uint8Array): string => {
  const aside = asideOf(path)
  const file = openSync(aside, 'wx', 0o600)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
    closeSync(file)
  } catch (thrown) {
    closeSync(file)
    rmSync(aside, { force: true })
    throw thrown
  }
  return aside
}

/** Puts the file there whole, readable for its owner alone, over whatever was there. */
export const replaceFile = (path: string, content: string | Uint8Array): void => {
  const aside = writeAside(path, content)
  renameSync(aside, path)
  removeLeftovers(dirname(path), basename(path))
}

/** Puts the file there whole unless there is one, so that of two only the first wins. */
export const makeFile = (path: string, content: string): void => {
  const aside = writeAside(path, content)
  try {
    linkSync(aside, path)
  } catch (thrown) {
    if (errorCode(thrown) !== 'EEXIST') throw thrown
  } finally {
    rmSync(aside, { force: true })
  }
}
