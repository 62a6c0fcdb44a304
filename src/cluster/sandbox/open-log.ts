import { constants } from 'node:fs'
import { type FileHandle, open, realpath, stat } from 'node:fs/promises'
import { dirname, sep } from 'node:path'
import { throwIfShort } from '../../core/short-of.ts'

const isInFolder = async (path: string): Promise<boolean> =>
  (await realpath(path)).startsWith(`${(await realpath(dirname(path))).replace(/\/$/, '')}${sep}`)

/** An open log file, or undefined for what is not there or a stage would refuse: no regular file, and of found ones a link out of its folder. */
export const openLog = async ({
  path,
  found,
}: {
  readonly path: string
  readonly found?: boolean
}): Promise<FileHandle | undefined> => {
  try {
    if (!(await stat(path)).isFile() || (found && !(await isInFolder(path)))) return undefined
    // a pipe may have taken its place meanwhile: nobody waits for its writer
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    if ((await file.stat()).isFile()) return file
    await file.close()
  } catch (thrown) {
    throwIfShort(thrown)
  }
  return undefined
}
