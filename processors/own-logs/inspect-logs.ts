import { stat } from 'node:fs/promises'
import { nothingDetected } from '../../src/core/detected.ts'
import { AppError } from '../../src/core/errors.ts'
import type { Guess } from '../../src/core/guess.ts'
import type { InspectedNode, LogInput, LogInspection } from '../../src/core/log-inspection.ts'
import type { Reading } from '../formats/reading.ts'
import { findFiles, type Place, toProblem } from './find-files.ts'
import { type InspectedFile, inspectFile } from './inspect-file.ts'
import { readEnds } from './read-ends.ts'

/** Files of a node whose ends are read; of more only the size is asked. */
const mostRead = 200

type Problem = LogInspection['problems'][number]

interface Part {
  readonly patterns: readonly string[]
  readonly files: readonly InspectedFile[]
  readonly problems: readonly Problem[]
}

const problemOf = (path: string, thrown: unknown): Problem => {
  if (thrown instanceof AppError) return toProblem(thrown)
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown)
  return /^(Z_|ZSTD_)/.test(code)
    ? { what: `${path} is damaged: it cannot be unpacked (${code}).`, next: ['Fetch it again, or leave it out.'] }
    : { what: `${path} cannot be read (${code}).`, next: ['Give yourself the right to read it, or read a copy.'] }
}

const inspectOne = async (path: string, reading: Reading): Promise<InspectedFile | Problem> => {
  try {
    return inspectFile(path, await readEnds(path), reading)
  } catch (thrown) {
    return problemOf(path, thrown)
  }
}

const isProblem = (one: InspectedFile | Problem): one is Problem => 'what' in one

const unread = async (path: string): Promise<InspectedFile> => ({
  path,
  bytes: (await stat(path).catch(() => ({ size: 0 }))).size,
  lines: 0,
  about: true,
  first: null,
  last: null,
  detected: nothingDetected,
  looked: 0,
  understood: 0,
  sample: null,
  guess: undefined,
})

/** Files apart from each other, so that first and last are among those that are read. */
const spread = (files: readonly string[]): ReadonlySet<string> => {
  if (files.length <= mostRead) return new Set(files)
  const step = (files.length - 1) / (mostRead - 1)
  return new Set(Array.from({ length: mostRead }, (_, i) => files[Math.round(i * step)] ?? ''))
}

const understands = ({ understood }: InspectedFile): boolean => understood > 0

const names = (files: readonly InspectedFile[]): string => {
  const shown = files.slice(0, 3).map(({ path }) => path.slice(path.lastIndexOf('/') + 1))
  return `${shown.join(', ')}${files.length > 3 ? ` and ${files.length - 3} more` : ''}`
}

/** A pattern stands for itself only where all of its files can be read. */
const patternsOf = (
  pattern: string | undefined,
  files: readonly InspectedFile[],
  problems: readonly Problem[],
): readonly string[] => (pattern === undefined || problems.length > 0 ? files.map(({ path }) => path) : [pattern])

const inspectPattern = async (pattern: string, place: Place, reading: Reading): Promise<Part> => {
  const { files, guessed, glob, problem, refused = [] } = await findFiles(pattern, place)
  const read = spread(files)
  const seen: (InspectedFile | Problem)[] = []
  for (const path of files) seen.push(read.has(path) ? await inspectOne(path, reading) : await unread(path))
  const inspected = seen.filter((one): one is InspectedFile => !isProblem(one))
  const problems = [...(problem === undefined ? [] : [problem]), ...refused, ...seen.filter(isProblem)]
  const understood = inspected.filter((file) => understands(file) || file.looked === 0)
  const other = inspected.filter((file) => !understands(file) && file.looked > 0)
  if (!guessed || other.length === 0 || !inspected.some(understands))
    return { patterns: patternsOf(glob, inspected, problems), files: inspected, problems }
  const left: Problem = {
    what: `Left out of ${pattern}: ${names(other)}, in which no line is one of an access log.`,
    next: ['Name such a file itself to send it all the same.'],
    note: true,
  }
  return { patterns: understood.map(({ path }) => path), files: understood, problems: [...problems, left] }
}

const least = (values: readonly (number | null)[], pick: (...all: number[]) => number): number | null => {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : pick(...known)
}

const nodeOf = (name: string, { files, patterns }: Part): InspectedNode => {
  const formats = new Map<string, number>()
  for (const { title, lines } of files.flatMap(({ detected }) => detected.formats))
    formats.set(title, (formats.get(title) ?? 0) + lines)
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const counted = files.filter(({ looked, bytes: size }) => looked > 0 || size === 0)
  const read = counted.reduce((sum, file) => sum + file.bytes, 0)
  const lines = counted.reduce((sum, file) => sum + file.lines, 0)
  return {
    name,
    files: files.map(({ path }) => path),
    patterns: [...patterns],
    bytes,
    // files that were not read count as long as the others
    lines: read === 0 || read === bytes ? lines : Math.round((lines * bytes) / read),
    about: files.some(({ about }) => about),
    first: least(
      files.map(({ first }) => first),
      Math.min,
    ),
    last: least(
      files.map(({ last }) => last),
      Math.max,
    ),
    formats: [...formats].sort(([, a], [, b]) => b - a).map(([title]) => title),
    notices: [...new Set(files.flatMap(({ detected }) => detected.notices))],
    understood: files.reduce((sum, { understood }) => sum + understood, 0),
    looked: files.reduce((sum, { looked }) => sum + looked, 0),
    sample: (files.find(understands) ?? files.find(({ sample }) => sample !== null))?.sample ?? null,
  }
}

const notUnderstood = ({ name, looked, bytes }: InspectedNode, guess: Guess | undefined): Problem => {
  if (bytes === 0) return { what: `${name}: the files are empty.`, next: ['Name a log with lines in it.'] }
  const lines = looked === 1 ? 'the only line is none' : `none of the first ${looked} lines is one`
  return {
    what: `${name}: ${lines} of an access log that bbq knows${guess === undefined ? '' : `: it looks like ${guess.title}`}.`,
    why: 'Only the stage Raw could send such lines; the others would reject every one.',
    next: [
      guess?.next ?? 'Name an access log, as a web server such as nginx or Apache writes it.',
      "Is it one? bbq --logs-format takes the text of its server's config.",
    ],
  }
}

/** Looks at somebody's own log files: which they are, what they hold, and what stands in the way. Reads only the ends of each. */
export const inspectLogs = async (
  inputs: readonly LogInput[],
  place: Place,
  reading: Reading,
): Promise<LogInspection> => {
  const byName = new Map<string, Part>()
  for (const input of inputs) {
    const { pattern } = input
    // names that differ only in case would share a folder
    const name = [...byName.keys()].find((one) => one.toLowerCase() === input.name.toLowerCase()) ?? input.name
    const before = byName.get(name) ?? { patterns: [], files: [], problems: [] }
    const { patterns, files, problems } = await inspectPattern(pattern, place, reading)
    const known = new Set(before.files.map(({ path }) => path))
    byName.set(name, {
      patterns: [...new Set([...before.patterns, ...patterns])],
      files: [...before.files, ...files.filter(({ path }) => !known.has(path))],
      problems: [...before.problems, ...problems],
    })
  }
  const nodes = [...byName].filter(([, { files }]) => files.length > 0).map(([name, part]) => nodeOf(name, part))
  return {
    nodes,
    problems: [
      ...nodes
        .filter(({ understood }) => understood === 0)
        .map((node) =>
          notUnderstood(node, byName.get(node.name)?.files.find(({ guess }) => guess !== undefined)?.guess),
        ),
      ...[...byName.values()].flatMap(({ problems }) => problems),
    ],
  }
}
