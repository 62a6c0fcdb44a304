import type { Stats } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { basename, isAbsolute, join, resolve } from 'node:path'
import { findFiles } from '../cluster/sandbox/own-files.ts'
import { AppError } from '../core/errors.ts'
import { kindOfFile } from '../core/file-words.ts'
import { localNode } from '../core/own-files.ts'

/** Something that is read to its end: standard input, or a pipe with a name. */
export interface Stream {
  readonly name: string
  /** Missing for standard input. */
  readonly path?: string
}

/** What `--input` gives to one node. */
export interface NodeInputs {
  readonly name: string
  /** Absolute paths and patterns. */
  readonly files: readonly string[]
  readonly streams: readonly Stream[]
}

type Input = { readonly file: string } | { readonly stream: Stream }

const standardInput: Stream = { name: 'standard input' }

const usage = (what: string, why: string | undefined, ...next: readonly string[]): AppError =>
  new AppError({ what, ...(why === undefined ? {} : { why }), next, kind: 'usage' })

const howTo = 'Give log files with --input, several after one another: --input access.log access.log.1.gz'
const howToMatch = 'Quote a pattern, so that the shell leaves it alone: --input web1="/var/log/nginx/access.log*"'

const isMissing = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR')

/** What is there, or undefined where nothing is. */
const lookAt = async (path: string): Promise<Stats | undefined> => {
  try {
    return await stat(path)
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw usage(`${path} cannot be read.`, `${thrown instanceof Error ? thrown.message : thrown}.`, howTo)
  }
}

const notAFile = (word: string, found: Stats): AppError => {
  const what = `${word} is no file that could be read as a log.`
  const all = found.isDirectory() ? [`All files in it: --input "${join(word, '*')}"`] : []
  return usage(what, `It is ${kindOfFile(found)}.`, howTo, ...all)
}

/** A path that was given as it stands; those below /dev and /proc name another file in each process. */
const placeOf = async (word: string, found: Stats): Promise<Input> => {
  const path = resolve(word)
  if (found.isFIFO()) return { stream: { name: word, path } }
  if (!found.isFile()) throw notAFile(word, found)
  return { file: /^\/(dev|proc)\//.test(path) ? await realpath(path) : path }
}

/** The folder that a relative pattern is below, none of its own characters taken for a pattern. */
const literal = (folder: string): string => folder.replace(/[*?[{(]/g, '[$&]')

const matched = async (word: string): Promise<Input> => {
  const pattern = isAbsolute(word) ? word : join(literal(resolve('.')), word)
  if (!/[*?[{]/.test(word)) throw usage(`There is no file ${word}.`, undefined, howTo)
  const [first] = await findFiles([pattern])
  if (first?.path === pattern) throw usage(`No file matches ${word}.`, undefined, howTo, howToMatch)
  return { file: pattern }
}

const inputOf = async (word: string): Promise<Input> => {
  if (word === '') throw usage('--input was given without a file.', undefined, howTo)
  if (word === '-') return { stream: standardInput }
  const found = await lookAt(word)
  return found === undefined ? matched(word) : placeOf(word, found)
}

const checkName = (name: string, word: string): string => {
  if (/^[A-Za-z0-9_][A-Za-z0-9._-]{0,62}$/.test(name)) return name
  throw usage(
    `${name} cannot be the name of a node.`,
    `--input ${word} gives it one; a name has letters, digits, dots, dashes and underscores, at most 63, and begins with none of the two marks.`,
    'Choose another name, or write ./ before a path that holds an equals sign.',
  )
}

/** `NAME=FILES`, where no file of that very path exists; everything else belongs to the node of files without a name. */
const splitName = async (word: string): Promise<readonly [string, string]> => {
  const [, name, files] = /^([^=/]+)=(.*)$/s.exec(word) ?? []
  if (name === undefined || files === undefined || (await lookAt(word)) !== undefined) return [localNode, word]
  return [checkName(name, word), files]
}

/** The nodes that the words of `--input` make, in the order in which they were named; what cannot be read is refused by the name that the person gave. */
export const readInputs = async (words: readonly string[]): Promise<readonly NodeInputs[]> => {
  const nodes = new Map<string, Input[]>()
  const names = new Map<string, string>()
  for (const word of words) {
    const [name, files] = await splitName(word)
    const same = names.get(name.toLowerCase()) ?? name
    if (same !== name)
      throw usage(`The nodes ${same} and ${name} differ only in case.`, 'Each has a folder of its name.')
    names.set(name.toLowerCase(), name)
    nodes.set(name, [...(nodes.get(name) ?? []), await inputOf(files)])
  }
  const streams = [...nodes.values()].flat().filter((input) => 'stream' in input && input.stream === standardInput)
  if (streams.length > 1)
    throw usage('--input - was given more than once.', 'Standard input can be read by one node, once.')
  return [...nodes].map(([name, inputs]) => ({
    name,
    files: inputs.flatMap((input) => ('file' in input ? input.file : [])),
    streams: inputs.flatMap((input) => ('stream' in input ? input.stream : [])),
  }))
}

/** How the log of a node is called in a sentence: by its file's name where it is one. */
export const logName = (path: string | undefined, id: string): string =>
  path === undefined || path === '' || /[*?[{]|, /.test(path) ? `the logs of ${id}` : basename(path)
