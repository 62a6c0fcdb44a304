import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Files that stay of each kind of job. */
const kept = 50

/** `bbq-raw` of `bbq-raw-mx3vsrff0ed4.yaml`, also where it was sent a second time: `bbq-raw-mx3vsrff0ed4-2.yaml`. */
const kindOf = (name: string): string => name.replace(/(?:-[a-z0-9]+)?(?:-\d+)?\..*$/, '')

/** Removes the older files of each kind of job: a stage that is kept running sends thousands a day. Their names begin alike and grow with the time. */
export const keepNewest = async (folder: string): Promise<void> => {
  const kinds = Map.groupBy((await readdir(folder)).sort(), kindOf)
  const old = [...kinds.values()].flatMap((names) => names.slice(0, -kept))
  await Promise.all(old.map((name) => rm(join(folder, name), { force: true })))
}
