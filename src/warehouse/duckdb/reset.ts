import { constants } from 'node:fs'
import { access, mkdir, readdir, rm } from 'node:fs/promises'
import { AppError } from '../../core/errors.ts'
import { tableNames } from '../../core/tables.ts'
import { replaceEpoch } from './epoch-file.ts'
import type { Layout } from './layout.ts'

/** Starts the epoch `fresh` and removes the files of all others; schema files stay. Refused before anything changed where files cannot be removed. */
export const resetDataset = async (layout: Layout, fresh: string): Promise<void> => {
  const old = await epochFolders(layout)
  for (const folder of ['.', ...new Set(old.flatMap((path) => [path.split('/', 1)[0] ?? '.', path]))])
    await access(folder, constants.W_OK | constants.X_OK).catch((cause: unknown) => {
      throw refusal(folder, 'Nothing was changed.', cause)
    })
  await replaceEpoch(fresh)
  for (const folder of old)
    await rm(folder, { recursive: true, force: true }).catch((cause: unknown) => {
      throw refusal(folder, 'A new epoch has begun; rows that stayed behind count as strays.', cause)
    })
  for (const table of tableNames) await mkdir(layout.epochFolder(table, fresh), { recursive: true })
}

const epochFolders = async (layout: Layout): Promise<readonly string[]> => {
  const found = await Promise.all(
    tableNames.map(async (table) => {
      const entries = await readdir(layout.nameOf(table), { withFileTypes: true }).catch(() => [])
      return entries.filter((entry) => entry.isDirectory()).map((entry) => `${layout.nameOf(table)}/${entry.name}`)
    }),
  )
  return found.flat()
}

const refusal = (folder: string, state: string, cause: unknown): AppError => {
  const path = folder === '.' ? process.cwd() : `${process.cwd()}/${folder}`
  return new AppError({
    what: `The files in ${path} cannot be removed. ${state}`,
    why: cause instanceof Error ? `${cause.message}.` : String(cause),
    next: [`Give yourself the right to write: chmod -R u+rwX ${process.cwd()}`, 'Then reset again.'],
    kind: 'refused',
    cause,
  })
}
