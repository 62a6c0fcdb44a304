import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** No run lasts this long, in milliseconds. */
const oldest = 24 * 60 * 60 * 1000

const aside = /^\.(?:tmp|schema|epoch|bbq-proof)-/

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Somebody else's stays, and what is gone meanwhile is fine. */
const remove = (path: string): void => {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch {
    // the next program tries again
  }
}

/** Removes from folders what writers put aside and never renamed, and proofs that nobody took away: what nobody changed for a day. */
export const sweepAsides = (folders: readonly string[], now: number): void => {
  for (const folder of folders)
    for (const name of namesIn(folder).filter((one) => aside.test(one))) {
      const path = join(folder, name)
      const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now
      if (now - changed > oldest) remove(path)
    }
}
