import { glob, readdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '../../src/core/errors.ts'
import type { LogInput, LogInspection } from '../../src/core/log-inspection.ts'
import { localNode } from '../../src/core/own-files.ts'
import { setsOldestFirst } from '../../src/core/rotation-set.ts'
import { findRegular } from '../run/open-regular.ts'

type Problem = LogInspection['problems'][number]

/** Where paths are read from. */
export interface Place {
  readonly folder: string
  readonly home: string
}

/** Files of one pattern. Those of a folder are guessed, so what is no log among them may be left out. */
export interface FoundFiles {
  readonly files: readonly string[]
  readonly guessed: boolean
  /** The absolute pattern that they fit. */
  readonly glob?: string
  readonly problem?: Problem
  /** Pipes, devices and links out of their folder, each with its name. */
  readonly refused?: readonly Problem[]
}

const mostFiles = 10_000

/** An error as a person is told of it here. */
export const toProblem = ({ what, why, next }: AppError): Problem => ({
  what,
  ...(why === undefined ? {} : { why }),
  next: [...next],
})

/** The absolute path, `~` undone. */
const absolute = (path: string, { folder, home }: Place): string =>
  path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : resolve(folder, path)

const codeOf = (thrown: unknown): unknown => (thrown instanceof Error && 'code' in thrown ? thrown.code : undefined)

const unreadable = (path: string, thrown: unknown): Problem => ({
  what: `${path} cannot be read (${String(codeOf(thrown) ?? thrown)}).`,
  next: [`Give yourself the right to read it, or read a copy: sudo cat ${path} > copy.log`],
})

/** The regular files among what was found; folders are no finds. */
const regularAmong = async (paths: readonly string[]): Promise<Pick<Required<FoundFiles>, 'files' | 'refused'>> => {
  const files: string[] = []
  const refused: Problem[] = []
  for (const path of paths) {
    if ((await stat(path).catch(() => undefined))?.isDirectory()) continue
    try {
      findRegular(path, dirname(path))
      files.push(path)
    } catch (thrown) {
      refused.push(thrown instanceof AppError ? toProblem(thrown) : unreadable(path, thrown))
    }
  }
  return { files, refused }
}

/** The folder that a relative pattern is below, none of its own characters taken for a pattern. */
const literal = (path: string): string => path.replace(/[*?[{(]/g, '[$&]')

/** Files of a folder that a log may be: no hidden ones, none below it. */
const filesIn = async (folder: string) => {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'))
  return regularAmong(setsOldestFirst(names.map((name) => join(folder, name))))
}

const missing = (pattern: string): Problem => ({
  what: `There is no file ${pattern}.`,
  next: ['Tab completes a path; one with blanks in it stands in quotes.'],
})

const fromFolder = async (path: string): Promise<FoundFiles> => {
  try {
    const { files, refused: others } = await filesIn(path)
    const refused = others.map((one) => ({ ...one, note: true }) as const)
    if (files.length > 0) return { files, guessed: true, refused }
    return {
      files,
      guessed: true,
      refused,
      problem: {
        what: `The folder ${path} holds no file.`,
        next: ['Folders below it are not read: name one of them.'],
      },
    }
  } catch (thrown) {
    return { files: [], guessed: true, problem: unreadable(path, thrown) }
  }
}

const fromGlob = async (pattern: string, path: string): Promise<FoundFiles> => {
  const paths: string[] = []
  for await (const found of glob(path)) {
    paths.push(found)
    if (paths.length === mostFiles) break
  }
  const { files, refused } = await regularAmong(setsOldestFirst(paths))
  if (files.length + refused.length > 0) return { files, guessed: false, glob: path, refused }
  return {
    files,
    guessed: false,
    problem: {
      what: `No file fits ${pattern}.`,
      next: ['Tab completes a path; one with blanks in it stands in quotes.'],
    },
  }
}

/** The words as they were cut, or the whole text where it is a path that exists: one with blanks and no quotes. */
export const typedInputs = async (
  inputs: readonly LogInput[],
  typed: string | undefined,
  place: Place,
): Promise<readonly LogInput[]> => {
  const pattern = typed?.trim() ?? ''
  if (inputs.length < 2 || pattern === '') return inputs
  const exists = await stat(absolute(pattern, place)).catch(() => undefined)
  return exists === undefined ? inputs : [{ name: localNode, pattern }]
}

/** The files that a path, a folder or a glob stands for. */
export const findFiles = async (pattern: string, place: Place): Promise<FoundFiles> => {
  const path = absolute(pattern, place)
  try {
    const found = await stat(path)
    return found.isDirectory() ? fromFolder(path) : { files: [path], guessed: false }
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') return { files: [], guessed: false, problem: unreadable(pattern, thrown) }
    const literally = { folder: literal(place.folder), home: literal(place.home) }
    if (/[*?[{]/.test(pattern)) return fromGlob(pattern, absolute(pattern, literally))
    return { files: [], guessed: false, problem: missing(pattern) }
  }
}
