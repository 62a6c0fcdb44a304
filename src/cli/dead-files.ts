import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { basename, dirname, join, posix } from 'node:path'
import type { Config } from '../config/config.ts'
import {
  deadFolder,
  type Letter,
  lettersIn,
  loadedNumber,
  loadedSchema,
  parseDeadFileName,
  type ReadAt,
} from '../core/dead-letter.ts'
import { AppError } from '../core/errors.ts'
import { localNode } from '../core/own-files.ts'
import { dataFolder } from '../engine/jobs/template.ts'

/** A node, and whether it reads files of somebody's own. */
export interface NodePlace {
  readonly node: string
  readonly own: boolean
}

/** The data folder of a node that is a folder of this machine. */
export const sandboxFolder = (stateDir: string, { node, own }: NodePlace): string => {
  if (!own) return join(stateDir, 'nodes', node)
  return node === localNode ? join(stateDir, localNode) : join(stateDir, 'own', node)
}

/** The nodes over files of somebody's own that a state folder holds. */
export const ownNodes = (stateDir: string): readonly NodePlace[] =>
  [localNode, ...namesIn(join(stateDir, 'own'))].map((node) => ({ node, own: true }))

/** Where a node keeps its refused lines of a stage: a folder of this machine, or of a node of a cluster. */
export const deadFolderOf = (config: Config, stateDir: string, place: NodePlace & { readonly dead: string }): string =>
  config.cluster.kind === 'sandbox' || place.own
    ? join(sandboxFolder(stateDir, place), place.dead)
    : posix.join(dataFolder(config), place.dead)

/** The dead-letter files of a folder in the order of their logs. */
export const deadFilesIn = (folder: string): readonly string[] =>
  namesIn(folder)
    .flatMap((name) => {
      const chunk = parseDeadFileName(name)
      return chunk === undefined ? [] : [{ name, chunk }]
    })
    .sort((a, b) => (a.chunk.log < b.chunk.log ? -1 : a.chunk.log > b.chunk.log ? 1 : a.chunk.start - b.chunk.start))
    .map(({ name }) => join(folder, name))

/** Names in a folder; none where there is no folder. */
export const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    // no stage has refused a line there
    return []
  }
}

/** Offsets of lines that have their rows although the file may still hold them. */
const loadedOf = (path: string): ReadonlySet<number> =>
  new Set(
    namesIn(dirname(path))
      .filter((name) => loadedNumber(basename(path), name) !== undefined)
      .flatMap((name) => loadedSchema.parse(JSON.parse(readFileSync(join(dirname(path), name), 'utf8'))).offsets),
  )

/** The refused lines of a file, each with at most `limit` bytes; the file is closed when the reader stops. */
export function* readLetters(path: string, limit: number): Generator<Letter> {
  const loaded = loadedOf(path)
  const descriptor = openSync(path, 'r')
  const read: ReadAt = (at, into) => readSync(descriptor, into, 0, into.length, at)
  try {
    for (const letter of lettersIn(read, limit)) if (!loaded.has(letter.head.offset)) yield letter
  } catch (cause) {
    throw new AppError({
      what: `The dead-letter file ${path} cannot be read.`,
      why: 'It is damaged: it does not hold what its own lines announce.',
      next: ['Copy it away, and remove it there.'],
      cause,
    })
  } finally {
    closeSync(descriptor)
  }
}

/** Generations and stages of which a node of this machine keeps refused lines. */
export const keptStages = (
  nodeFolder: string,
): readonly { readonly epoch: string; readonly stage: string; readonly folder: string }[] =>
  namesIn(join(nodeFolder, '.bbq', 'state')).flatMap((epoch) =>
    namesIn(join(nodeFolder, '.bbq', 'state', epoch)).flatMap((stage) => {
      const folder = join(nodeFolder, deadFolder(epoch, stage))
      return deadFilesIn(folder).length === 0 ? [] : [{ epoch, stage, folder }]
    }),
  )
