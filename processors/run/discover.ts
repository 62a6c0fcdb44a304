import { readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type AppError, toAppError } from '../../src/core/errors.ts'
import type { OwnFile } from '../../src/core/own-files.ts'
import { belongsTo, oldestFirst } from '../../src/core/rotation-set.ts'
import type { LogState } from '../checkpoint/state.ts'
import { withoutEqual } from './equal-content.ts'
import { errorCode, explainFile } from './explain.ts'
import { hasHead } from './match.ts'
import { type FoundFile, openSource } from './open-source.ts'
import type { Source } from './source.ts'

export interface Discovered {
  /** True for files that were named one by one, of which each is read. */
  readonly complete: boolean
  /** Oldest first. */
  readonly sources: readonly Source[]
  /** Files that could not be opened. */
  readonly problems: readonly AppError[]
}

/** Opens the log and its rotated predecessors; looks again while a rotation goes on. */
export const discoverLog = async (path: string, known: readonly LogState[]): Promise<Discovered> => {
  for (let tries = 1; ; tries++) {
    const files = listSet(path).map((each): FoundFile => ({ path: each, folder: dirname(path) }))
    const found = { ...(await openAll(files, known)), complete: false }
    if (tries === 10 || isSteady(path, found)) return found
    for (const source of found.sources) source.close()
  }
}

/** Opens files that were named one by one; a file named twice is opened once, and of those that patterns found so is one that a rotation just copies or packs. */
export const discoverInputs = async (given: readonly OwnFile[], known: readonly LogState[]): Promise<Discovered> => {
  const files = given.map((file): FoundFile & Pick<OwnFile, 'found'> => {
    const path = resolve(file.path)
    return file.found ? { ...file, path, folder: dirname(path) } : { ...file, path: realPath(path) }
  })
  const each = [...new Map(files.map((file) => [file.path, file])).values()]
  const { sources, problems } = await openAll(each, known)
  const found = new Set(each.flatMap((file) => (file.found ? file.path : [])))
  const kept = await withoutEqual(sources, ({ path }) => found.has(path))
  for (const source of sources) if (!kept.includes(source)) source.close()
  return { sources: kept, problems, complete: true }
}

const openAll = async (
  files: readonly FoundFile[],
  known: readonly LogState[],
): Promise<Omit<Discovered, 'complete'>> => {
  const sources: Source[] = []
  const problems: AppError[] = []
  for (const file of files) {
    try {
      sources.push(await openSource(file, (head, packed) => sizeOf(known, head, packed)))
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

/** The content's size of a packed file that was measured by an earlier run. */
const sizeOf = (known: readonly LogState[], head: Uint8Array, packed: number): number | undefined =>
  known.find((log) => log.packed === packed && hasHead(head, log.head))?.size

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

const isSteady = (path: string, { sources, problems }: Discovered): boolean => {
  const now = listSet(path)
  const unopened = problems.filter((problem) => errorCode(problem.cause) !== 'ENOENT').length
  return now.length === sources.length + unopened && sources.every((source) => inodeOf(source.path) === source.inode)
}

const inodeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.ino

const realPath = (path: string): string => {
  try {
    return realpathSync(path)
  } catch (thrown) {
    if (errorCode(thrown) !== undefined) return path
    throw toAppError(thrown)
  }
}
