import { closeSync, constants, fstatSync, openSync, realpathSync, type Stats, statSync } from 'node:fs'
import { sep } from 'node:path'
import { AppError } from '../../src/core/errors.ts'
import { kindOfFile } from '../../src/core/file-words.ts'

const refuse = (path: string, what: string): AppError =>
  new AppError({
    what: `${path} cannot be read.`,
    why: `It is ${what}.`,
    next: ['Move it away from the logs, or name the log files themselves.'],
  })

const check = (path: string, found: Stats): void => {
  if (!found.isFile()) throw refuse(path, `${kindOfFile(found)}, not a file`)
}

/** Where a path leads; refused where that is out of the folder. */
const insideOf = (path: string, folder: string): string => {
  const place = realpathSync(path)
  if (place.startsWith(`${realpathSync(folder).replace(/\/$/, '')}${sep}`)) return place
  throw refuse(path, `a link out of its folder, to ${place}`)
}

/** Where a regular file lies; anything else is refused by its name, and with a folder so is a link that leads out of it. */
export const findRegular = (path: string, folder?: string): string => {
  const place = folder === undefined ? path : insideOf(path, folder)
  // asked before it is opened: to open a device can already do something
  check(path, statSync(place))
  return place
}

/** Opens a regular file for reading, and never waits, as for the writer of a pipe. */
export const openRegular = (path: string, folder?: string): number => {
  const inFolder = folder === undefined ? 0 : constants.O_NOFOLLOW
  const descriptor = openSync(findRegular(path, folder), constants.O_RDONLY | constants.O_NONBLOCK | inFolder)
  try {
    check(path, fstatSync(descriptor))
    return descriptor
  } catch (thrown) {
    closeSync(descriptor)
    throw thrown
  }
}
