import { createHash } from 'node:crypto'
import type { Head, LogState } from '../checkpoint/state.ts'
import { markLength } from './file-kind.ts'
import { headLength } from './source.ts'

/** What identifies a file: its head, and where it lies. */
export interface Candidate {
  readonly path: string
  readonly head: Uint8Array
  readonly size: number
  readonly packed?: number
  /** Hash of the whole content of a stream. */
  readonly stream?: string
}

export interface Matched<File extends Candidate> {
  readonly file: File
  readonly log: LogState
}

const headOf = (head: Uint8Array, length = head.length): Head => ({
  length,
  hash: createHash('sha256').update(head.subarray(0, length)).digest('hex'),
})

/** True when content that begins with these bytes is the log that is known by `head`. */
export const hasHead = (bytes: Uint8Array, head: Head): boolean =>
  head.length <= bytes.length && headOf(bytes, head.length).hash === head.hash

const startsWith = (head: Uint8Array, beginning: Uint8Array): boolean =>
  beginning.length <= head.length && Buffer.compare(head.subarray(0, beginning.length), beginning) === 0

/** Of files of one rotation set whose heads agree, the longest: the others are its copies in the making. */
export const withoutCopies = <File extends Candidate>(files: readonly File[]): readonly File[] => {
  const kept: File[] = []
  for (const file of [...files].sort((a, b) => b.size - a.size))
    if (!kept.some((longer) => startsWith(longer.head, file.head))) kept.push(file)
  return files.filter((file) => kept.includes(file))
}

/** True when a file can be told from others: it holds a line, or a whole head. */
const hasIdentity = (file: Candidate, complete: boolean): boolean =>
  file.head.length > 0 && (complete || file.head.length === headLength || file.head.includes(10))

/** Gives every file the log that it is: a known one with the same head, or a new one. */
export const matchLogs = <File extends Candidate>(
  known: readonly LogState[],
  files: readonly File[],
  { set, complete }: { readonly set: string; readonly complete: boolean },
): readonly Matched<File>[] => {
  const free = new Set(known.filter((log) => log.set === set))
  const taken = new Set(known.map((log) => log.id))
  const hash = rememberHashes()
  const isSame = (file: Candidate, { stream, head }: LogState): boolean =>
    stream === file.stream && head.length <= file.head.length && hash(file, head.length) === head.hash
  // of files that are all read, one is never taken for another that is still where it was
  const isElsewhere = (file: Candidate, log: LogState): boolean =>
    complete && files.some((other) => other !== file && other.path === log.path && isSame(other, log))

  return files
    .filter((file) => hasIdentity(file, complete))
    .map((file) => {
      const [log] = [...free]
        .filter((each) => isSame(file, each) && !isElsewhere(file, each))
        .sort((a, b) => Number(b.path === file.path) - Number(a.path === file.path) || b.head.length - a.head.length)
      if (log !== undefined) free.delete(log)
      const id = log?.id ?? newId(file, taken)
      taken.add(id)
      return { file, log: { ...(log === undefined ? begun(id, set, file) : kept(log)), ...seen(file) } }
    })
}

/** Hash of the first bytes of a file, made once for each length. */
const rememberHashes = (): ((file: Candidate, length: number) => string) => {
  const known = new Map<Candidate, Map<number, string>>()
  return (file, length) => {
    const ofFile = known.get(file) ?? new Map<number, string>()
    known.set(file, ofFile)
    const hash = ofFile.get(length) ?? headOf(file.head, length).hash
    ofFile.set(length, hash)
    return hash
  }
}

/** A log that nothing was read of; a mark before its text is no part of its first line. */
const begun = (id: string, set: string, { head, stream }: Candidate) => ({
  id,
  set,
  offset: markLength(head),
  ...(stream === undefined ? {} : { stream }),
})

const kept = ({ packed: _, ...log }: LogState) => log

const seen = ({ path, size, packed, head }: Candidate) => ({
  path,
  size,
  ...(packed === undefined ? {} : { packed }),
  head: headOf(head),
  gone: false,
})

const newId = (file: Candidate, taken: ReadonlySet<string>): string => {
  const hash = headOf(file.head).hash.slice(0, 16)
  for (let copy = 1; ; copy++) {
    const id = copy === 1 ? hash : `${hash}-${copy}`
    if (!taken.has(id)) return id
  }
}
