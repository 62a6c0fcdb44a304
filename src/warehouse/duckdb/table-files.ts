import { readdir, stat } from 'node:fs/promises'
import type { TableName } from '../../core/tables.ts'
import type { TableStatus } from '../warehouse.ts'
import type { Layout } from './layout.ts'
import { rowsInFile } from './parquet-rows.ts'

/** A Parquet file that has arrived; it never changes. */
interface TableFile {
  /** Relative to the dataset. */
  readonly path: string
  readonly rows: number
  readonly bytes: number
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number
}

/** Knows the files of tables; reads the footer of each only once. */
export interface TableFiles {
  /** Files of one epoch of a table, in no order. */
  readonly list: (table: TableName, epoch: string) => Promise<readonly TableFile[]>
  readonly status: (table: TableName, epoch: string | undefined) => Promise<TableStatus>
  /** True as soon as one file of the epoch is there. */
  readonly hasAny: (table: TableName, epoch: string) => Promise<boolean>
}

const isMissing = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR')

/** Dot files are written aside and not there yet. */
const isLive = (name: string): boolean => name.endsWith('.parquet') && !name.startsWith('.')

/** Entries of a folder; none when it is missing. */
const entries = async (folder: string): Promise<readonly string[]> => {
  try {
    return await readdir(folder)
  } catch (thrown) {
    if (isMissing(thrown)) return []
    throw thrown
  }
}

const epochsOf = async (folder: string): Promise<readonly string[]> =>
  (await entries(folder)).filter((name) => !name.startsWith('.') && !name.includes('.'))

const statOf = async (
  path: string,
): Promise<{ readonly path: string; readonly bytes: number; readonly arrivedAt: number } | undefined> => {
  try {
    const { size, mtimeMs } = await stat(path)
    return { path, bytes: size, arrivedAt: mtimeMs }
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw thrown
  }
}

/** Keeps what it learnt of files that are still there. */
export const openTableFiles = (layout: Layout): TableFiles => {
  const known = new Map<string, Map<string, TableFile>>()

  const learn = async (paths: readonly string[]): Promise<readonly TableFile[]> => {
    const found = (await Promise.all(paths.map(statOf))).filter((file) => file !== undefined)
    const learnt: TableFile[] = []
    // one after another, because a process may have only so many files open
    for (const file of found) learnt.push({ ...file, rows: await rowsInFile(file.path) })
    return learnt
  }

  const read = async (folder: string, again: boolean): Promise<readonly TableFile[]> => {
    const before = known.get(folder)
    const names = (await entries(folder)).filter(isLive)
    const missing = names.filter((name) => before?.has(name) !== true).map((name) => `${folder}/${name}`)
    try {
      const fresh = new Map((await learn(missing)).map((file) => [file.path.slice(folder.length + 1), file]))
      const now = new Map<string, TableFile>()
      for (const name of names) {
        const file = before?.get(name) ?? fresh.get(name)
        if (file !== undefined) now.set(name, file)
      }
      known.set(folder, now)
      return [...now.values()]
    } catch (thrown) {
      // A reset may have removed files between listing and reading them.
      const gone = again && (await Promise.all(missing.map(statOf))).some((file) => file === undefined)
      if (gone) return read(folder, false)
      throw thrown
    }
  }

  const list: TableFiles['list'] = (table, epoch) => read(layout.epochFolder(table, epoch), true)

  return {
    list,
    hasAny: async (table, epoch) => (await entries(layout.epochFolder(table, epoch))).some(isLive),
    status: async (table, epoch) => {
      const files = epoch === undefined ? [] : await list(table, epoch)
      const others = (await epochsOf(layout.nameOf(table))).filter((name) => name !== epoch)
      const strays = await Promise.all(others.map((other) => list(table, other)))
      const sum = (of: readonly TableFile[], member: 'rows' | 'bytes'): number =>
        of.reduce((total, file) => total + file[member], 0)
      const status = { table, rows: sum(files, 'rows'), bytes: sum(files, 'bytes'), strays: sum(strays.flat(), 'rows') }
      const changedAt = files.reduce((latest, file) => Math.max(latest, file.arrivedAt), 0)
      return changedAt === 0 ? status : { ...status, changedAt: Math.floor(changedAt) }
    },
  }
}
