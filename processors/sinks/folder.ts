import { mkdirSync } from 'node:fs'
import { open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { AppError } from '../../src/core/errors.ts'
import type { TableName } from '../../src/core/tables.ts'
import { explainFile } from '../run/explain.ts'
import type { Sink, SinkKind, SinkOptions } from './sink.ts'

/** A dataset as a folder: every Parquet file below the epoch's folder of a table is live. */
export const folderSink: SinkKind = {
  kind: 'folder',
  target: '/absolute/path/of/the/dataset',
  open: (path, options) => {
    if (isAbsolute(path)) return openFolder(path, options)
    throw new AppError({
      what: `--sink folder:${path} is no absolute path.`,
      next: [`Write it as folder:${folderSink.target}`],
      kind: 'usage',
    })
  },
}

const openFolder = (path: string, { epoch, nameOf, writer }: SinkOptions): Sink => {
  const made = new Set<string>()

  const folderOf = (table: TableName): string => {
    const folder = join(path, nameOf(table), epoch)
    if (!made.has(folder)) guard(folder, () => mkdirSync(folder, { recursive: true }))
    made.add(folder)
    return folder
  }

  const aside = (table: TableName, chunkId: string): string => join(folderOf(table), `.tmp-${chunkId}-${writer}`)

  const check = async (): Promise<void> => {
    const there = await readEpoch(path)
    if (there !== epoch) throw otherEpoch(path, there, epoch)
  }

  return {
    check,
    aside,
    load: async (table, chunkId) => {
      const folder = folderOf(table)
      try {
        await sync(aside(table, chunkId))
        await check()
        await rename(aside(table, chunkId), join(folder, `${chunkId}.parquet`))
        await sync(folder)
      } catch (thrown) {
        throw explain(thrown, folder)
      }
    },
    tidy: async (table, chunkId) => {
      const folder = folderOf(table)
      const left = (await readdir(folder)).filter((name) => name.startsWith(`.tmp-${chunkId}-`))
      await Promise.all(left.map((name) => rm(join(folder, name), { force: true })))
    },
  }
}

const readEpoch = async (path: string): Promise<string> => {
  try {
    return (await readFile(join(path, 'epoch'), 'utf8')).trim()
  } catch (thrown) {
    throw explainFile(thrown, `The dataset ${path} cannot be read.`, 'Check that its folder is mounted on this node.')
  }
}

const otherEpoch = (path: string, there: string, epoch: string): AppError =>
  new AppError({
    what: `The dataset ${path} holds epoch ${there}, this run was started for ${epoch}.`,
    why: 'The tables were emptied meanwhile.',
    next: ['Start the stage again.'],
    kind: 'refused',
  })

const sync = async (path: string): Promise<void> => {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const explain = (thrown: unknown, folder: string): AppError =>
  explainFile(thrown, `${folder} cannot be written.`, 'Check the rights and the free space of the warehouse folder.')

const guard = (folder: string, act: () => unknown): void => {
  try {
    act()
  } catch (thrown) {
    throw explain(thrown, folder)
  }
}
