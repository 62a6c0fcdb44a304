import { readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type AppError, toAppError } from '../../src/core/errors.ts'
import type { OwnFile } from '../../src/core/own-files.ts'
import { belongsTo, oldestFirst, setOf } from '../../src/core/rotation-set.ts'
import type { LogState } from '../checkpoint/state.ts'
import { errorCode, explainFile } from './explain.ts'
import { findCopies, isBeingPacked, type Rotation } from './find-copies.ts'
import { hasHead } from './match.ts'
import { type FoundFile, openSource } from './open-source.ts'
import { fromDisk } from './proofs.ts'
import { inodeText, type Measured, type Source } from './source.ts'

export interface Discovered {
  /** True for files that were named one by one, of which each is read. */
  readonly complete: boolean
  /** Oldest first. */
  readonly sources: readonly Source[]
  /** Files that could not be opened, or not in whole. */
  readonly problems: readonly AppError[]
  /** What a person may want to know of the others. */
  readonly notices: readonly string[]
}

type Opened = Pick<Discovered, 'sources' | 'problems'>

/** Opens the log and its rotated predecessors; looks again while a rotation goes on. */
export const discoverLog = async (path: string, known: readonly LogState[]): Promise<Discovered> => {
  for (let tries = 1; ; tries++) {
    const opened = await openAll(
      listSet(path).map((each) => ({ path: each, folder: dirname(path) })),
      known,
    )
    if (tries === 10 || isSteady(path, opened))
      return { ...(await eachOnce(opened, known, { isLive: (file) => file.path === path })), complete: false }
    for (const source of opened.sources) source.close()
  }
}

/** Opens files that were named one by one; of those that patterns found, what a rotation just copies or packs is left out. */
export const discoverInputs = async (given: readonly OwnFile[], known: readonly LogState[]): Promise<Discovered> => {
  const files = given.map((file): FoundFile & Pick<OwnFile, 'found'> => {
    const path = resolve(file.path)
    return file.found ? { ...file, path, folder: dirname(path) } : { ...file, path: realPath(path) }
  })
  const each = new Map(files.map((file) => [file.path, file]))
  const found = new Set(files.flatMap((file) => (file.found ? file.path : [])))
  const isLive = ({ path }: Source): boolean => !found.has(path) || setOf(path) === path
  return { ...(await eachOnce(await openAll([...each.values()], known), known, { isLive })), complete: true }
}

/** The files without second names of them and without copies in the making. */
const eachOnce = async (
  { sources, problems }: Opened,
  known: readonly LogState[],
  { isLive }: Pick<Rotation, 'isLive'>,
): Promise<Omit<Discovered, 'complete'>> => {
  const byInode = new Map([...sources].reverse().map((source) => [source.inode, source]))
  const once = sources.filter((source) => byInode.get(source.inode) === source)
  const isKnown = await knownAmong(once, known)
  const copies = await findCopies(once, { isLive, isKnown })
  const kept = new Set(once.filter((source) => !copies.has(source)))
  for (const source of sources) if (!kept.has(source)) source.close()
  const damaged = [...copies].filter(([copy, original]) => !isBeingPacked(copy, original))
  return {
    sources: [...kept],
    problems: [...problems, ...damaged.flatMap(([{ problem }]) => problem ?? [])],
    notices: [...copies].filter(([{ problem }]) => problem === undefined).map(copyText),
  }
}

const copyText = ([copy, original]: readonly [Source, Source]): string =>
  `${basename(copy.path)} is not read by itself: all of it stands at the beginning of ${basename(original.path)}.`

const knownAmong = async (
  sources: readonly Source[],
  known: readonly LogState[],
): Promise<(source: Source) => boolean> => {
  const found = new Set<Source>()
  for (const source of sources)
    for (const log of known.filter(({ head }) => hasHead(source.head, head)))
      if (!found.has(source) && (await isProven(source, log))) found.add(source)
  return (source) => found.has(source)
}

const isProven = async (source: Source, log: LogState): Promise<boolean> =>
  (await fromDisk.isSameFile(source, log)) || (log.proof !== undefined && (await fromDisk.hasContent(source, log)))

const openAll = async (files: readonly FoundFile[], known: readonly LogState[]): Promise<Opened> => {
  const sources: Source[] = []
  const problems: AppError[] = []
  for (const file of files) {
    try {
      sources.push(await openSource(file, measuredIn(known)))
    } catch (thrown) {
      problems.push(
        explainFile(
          thrown,
          `${file.stream?.name ?? file.path} cannot be read.`,
          'Check the path and the rights of the file.',
        ),
      )
    }
  }
  return { sources, problems }
}

const measuredIn =
  (known: readonly LogState[]): Measured =>
  ({ inode, head, packed }) =>
    known.find((log) => log.inode === inode && log.packed === packed && hasHead(head, log.head))?.size

const listSet = (path: string): readonly string[] => {
  const folder = dirname(path)
  try {
    const names = readdirSync(folder).filter((name) => belongsTo(basename(path), name))
    return oldestFirst(
      basename(path),
      names.map((name) => join(folder, name)),
    )
  } catch (thrown) {
    throw explainFile(thrown, `The log folder ${folder} cannot be read.`, 'Check that the folder is mounted there.')
  }
}

const isSteady = (path: string, { sources, problems }: Opened): boolean => {
  const now = listSet(path)
  const unopened = problems.filter((problem) => errorCode(problem.cause) !== 'ENOENT').length
  return now.length === sources.length + unopened && sources.every((source) => inodeOf(source.path) === source.inode)
}

const inodeOf = (path: string): string | undefined => {
  const found = statSync(path, { throwIfNoEntry: false })
  return found && inodeText(found)
}

const realPath = (path: string): string => {
  try {
    return realpathSync(path)
  } catch (thrown) {
    if (errorCode(thrown) !== undefined) return path
    throw toAppError(thrown)
  }
}
