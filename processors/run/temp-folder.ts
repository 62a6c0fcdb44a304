import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { makePrivateFolder } from '../checkpoint/files.ts'
import { isAlive } from './parent-watch.ts'

export interface TempFolderOptions {
  readonly folder: string
  readonly host: string
  readonly pid: number
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** No run lasts this long, in milliseconds. */
const oldest = 24 * 60 * 60 * 1000
/** `.<writer>` and `.new-<writer>` */
const asideName = /^\.(?:new-)?[0-9a-f]{16}$/

/** Removes what writers that were killed put aside in a folder, once nobody has changed it for a day. */
export const removeOldAsides = (folder: string, now: number): void => {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder).filter((one) => asideName.test(one))) {
    const path = join(folder, name)
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now
    if (now - changed > oldest) rmSync(path, { recursive: true, force: true })
  }
}

/** Makes a private folder for one process below `folder`, and removes those of processes that were killed. */
export const makeTempFolder = ({ folder, host, pid, now }: TempFolderOptions): string => {
  makePrivateFolder(folder)
  for (const name of readdirSync(folder)) {
    const [owner, itsPid] = [name.slice(0, name.indexOf('~')), Number(name.split('~')[1])]
    const path = join(folder, name)
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now
    const isDead = owner === host ? !isAlive(itsPid) : now - changed > oldest
    if (isDead) rmSync(path, { recursive: true, force: true })
  }
  return mkdtempSync(join(folder, `${host}~${pid}~`))
}
