import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { OpenProofFolder } from '../engine/prepare/prove-folder.ts'

/** A shared folder may show what another machine wrote a little later. */
const looks = 20
const lookMs = 250

/** The folder of that name in the dataset's, on this machine's disk. Folders made above it stay only where the warehouse is about to be opened. */
export const proofFolderFor =
  ({ opening }: { readonly opening: boolean }): OpenProofFolder =>
  ({ warehouse, bigquery }, name) => {
    const folder = resolve(warehouse.path, bigquery.dataset_name, name)
    let made: string | undefined
    return {
      put: async (word) => {
        made = await mkdir(folder, { recursive: true })
        await writeFile(join(folder, 'word'), word)
      },
      read: async (file) => {
        for (let look = 1; ; look++) {
          const text = await readFile(join(folder, file), 'utf8').catch(() => undefined)
          if (text !== undefined || look === looks) return text
          await pause(lookMs)
        }
      },
      remove: async () => {
        await rm(folder, { recursive: true, force: true })
        if (opening || made === undefined) return
        for (let at = folder; at !== made; ) {
          at = dirname(at)
          await rmdir(at)
        }
      },
    }
  }
