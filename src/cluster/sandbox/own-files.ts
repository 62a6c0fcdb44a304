import { renameSync, writeFileSync } from 'node:fs'
import { glob, mkdir, open, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type OwnFile, type OwnNode, ownFilesPath, ownFilesSchema } from '../../core/own-files.ts'
import { setsOldestFirst } from '../../core/rotation-set.ts'

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() === true

const matching = async (pattern: string): Promise<readonly OwnFile[]> => {
  if (await stat(pattern).catch(() => undefined)) return [{ path: pattern }]
  const files: string[] = []
  // a pipe or a link is named too: who reads it refuses it by its name
  for await (const path of glob(pattern)) if (!(await isFolder(path))) files.push(path)
  // a folder that glob could not open for want of files is an empty one to it
  await (await open('/dev/null')).close()
  return setsOldestFirst(files).map((path) => ({ path, found: true }))
}

/** The files that paths and patterns name now, those of a pattern oldest first, each once. One that names none stands for itself, as in a shell. */
export const findFiles = async (patterns: readonly string[]): Promise<readonly OwnFile[]> => {
  const found = await Promise.all(
    patterns.map(async (pattern) => {
      const files = await matching(pattern)
      return files.length === 0 ? [{ path: pattern }] : files
    }),
  )
  // a file that was named itself is no find
  const byPath = new Map<string, OwnFile>()
  for (const file of found.flat()) if (byPath.get(file.path)?.found ?? true) byPath.set(file.path, file)
  return [...byPath.values()]
}

/** The files of a node now: those that its patterns name, and the copies of streams. */
export const filesOf = async ({ files, streams = [] }: OwnNode): Promise<readonly OwnFile[]> => [
  ...(await findFiles(files)),
  ...streams,
]

/** Tells a node which files it reads; looked for again each time, because logs rotate. */
export const writeOwnFiles = async (dir: string, node: OwnNode): Promise<void> => {
  const file = join(dir, ownFilesPath)
  const list = { patterns: node.files, files: await filesOf(node) }
  await mkdir(join(dir, '.bbq'), { recursive: true, mode: 0o700 })
  // in one step: two stages that start together write it together
  writeFileSync(`${file}.part`, `${JSON.stringify(list, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.part`, file)
}

/** The paths and patterns that a node was told of last; none where it read streams alone, or nothing yet. */
export const readPatterns = async (dir: string): Promise<readonly string[]> => {
  try {
    return ownFilesSchema.parse(JSON.parse(await readFile(join(dir, ownFilesPath), 'utf8'))).patterns
  } catch {
    return []
  }
}
