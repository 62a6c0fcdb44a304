import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** What writers put beside a file before they rename it: `runs.json.<random id>`. */
const aside = /\.json\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Removes what killed programs left beside the files of a state folder; only who holds the folder may. */
export const sweepState = async (stateDir: string): Promise<void> => {
  const left = (await readdir(stateDir)).filter((name) => aside.test(name))
  await Promise.all(left.map((name) => rm(join(stateDir, name), { force: true })))
}
