import { createHash } from 'node:crypto'
import { setOf } from '../../src/core/rotation-set.ts'
import type { Head, LogState } from '../checkpoint/state.ts'
import { markLength } from './file-kind.ts'
import { headLength } from './source.ts'

/** What identifies a file: its head, and where it lies. */
export interface Candidate {
  readonly path: string
  readonly inode: string
  readonly head: Uint8Array
  readonly size: number
  readonly packed?: number
  /** Hash of the whole content of a stream. */
  readonly stream?: string
  /** Why there is only a part of its content. */
  readonly problem?: unknown
}

/** What shows that a file goes on with a known log; a head that agrees shows nothing. */
interface Proofs<File extends Candidate> {
  readonly isSameFile: (file: File, log: LogState) => Promise<boolean>
  readonly hasContent: (file: File, log: LogState) => Promise<boolean>
}

export interface Matched<File extends Candidate> {
  readonly file: File
  readonly log: LogState
}

export const headOf = (head: Uint8Array, length = head.length): Head => ({
  length,
  hash: createHash('sha256').update(head.subarray(0, length)).digest('hex'),
})

/** Hashes of the beginnings of heads, each made once. */
const hashes = new WeakMap<Uint8Array, Map<number, string>>()

const hashOf = (bytes: Uint8Array, length: number): string => {
  const known = hashes.get(bytes) ?? new Map<number, string>()
  hashes.set(bytes, known)
  const hash = known.get(length) ?? headOf(bytes, length).hash
  known.set(length, hash)
  return hash
}

/** True when content that begins with these bytes may be the log that is known by `head`. */
export const hasHead = (bytes: Uint8Array, head: Head): boolean =>
  head.length <= bytes.length && hashOf(bytes, head.length) === head.hash

export const startsWith = (head: Uint8Array, beginning: Uint8Array): boolean =>
  beginning.length <= head.length && Buffer.compare(head.subarray(0, beginning.length), beginning) === 0

/** True when a file can be told from others: it holds a line, or a whole head. */
const hasIdentity = (file: Candidate, complete: boolean): boolean =>
  file.head.length > 0 &&
  (complete || file.head.length === headLength || (file.problem === undefined && file.head.includes(10)))

interface MatchOptions<File extends Candidate> {
  readonly set: string
  readonly complete: boolean
  readonly proofs: Proofs<File>
}

/** Gives every file the log that it is: a known one that it is proven to go on with, or a new one. */
export const matchLogs = async <File extends Candidate>(
  known: readonly LogState[],
  files: readonly File[],
  { set, complete, proofs }: MatchOptions<File>,
): Promise<readonly Matched<File>[]> => {
  const ofSet = known.filter((log) => log.set === set)
  const able = files.filter((file) => hasIdentity(file, complete))
  const found = await provenLogs(ofSet, able, proofs)
  const taken = new Set(known.map((log) => log.id))
  return able
    .filter((file) => found.has(file) || !isDoubtful(file, ofSet, able))
    .map((file) => {
      const log = found.get(file)
      const id = log?.id ?? newId(file, taken)
      taken.add(id)
      return { file, log: { ...(log === undefined ? begun(id, set, file) : kept(log)), ...seen(file) } }
    })
}

/** The known logs that files go on with: those that are the same file; then of others what rotation made of one, what lies where it lay, and whatever holds it. */
const provenLogs = async <File extends Candidate>(
  known: readonly LogState[],
  files: readonly File[],
  { isSameFile, hasContent }: Proofs<File>,
): Promise<ReadonlyMap<File, LogState>> => {
  const found = new Map<File, LogState>()
  const newestFirst = [...known].sort(
    (a, b) => Number(a.gone) - Number(b.gone) || b.head.length - a.head.length || b.offset - a.offset,
  )
  const free = new Set(newestFirst)
  const byInode = Map.groupBy(newestFirst, ({ inode }) => inode)
  const take = async (
    candidatesOf: (file: File) => readonly LogState[],
    proves: Proofs<File>['hasContent'],
  ): Promise<void> => {
    for (const file of files.filter((each) => !found.has(each)))
      for (const log of candidatesOf(file))
        if (!found.has(file) && free.has(log) && (await proves(file, log))) {
          found.set(file, log)
          free.delete(log)
        }
  }
  const freeWhere = (fits: (file: File, log: LogState) => boolean) => (file: File) =>
    [...free].filter((log) => hasHead(file.head, log.head) && fits(file, log))
  await take(({ inode }) => byInode.get(inode) ?? [], isSameFile)
  await take(
    freeWhere(({ path }, log) => path !== log.path && setOf(path) === setOf(log.path)),
    hasContent,
  )
  await take(
    freeWhere(({ path }, log) => path === log.path),
    hasContent,
  )
  await take(
    freeWhere(() => true),
    hasContent,
  )
  return found
}

/** True for a damaged file that begins as another does: its lines may be there already, and nothing can show it. */
const isDoubtful = (file: Candidate, known: readonly LogState[], files: readonly Candidate[]): boolean =>
  file.problem !== undefined &&
  (known.some(({ head }) => hasHead(file.head, head)) ||
    files.some((other) => other !== file && startsWith(other.head, file.head)))

/** A log that nothing was read of; a mark before its text is no part of its first line. */
const begun = (id: string, set: string, { head, stream }: Candidate) => ({
  id,
  set,
  offset: markLength(head),
  ...(stream === undefined ? {} : { stream }),
})

const kept = ({ packed: _, ...log }: LogState) => log

const seen = ({ path, inode, size, packed, head }: Candidate) => ({
  path,
  inode,
  size,
  ...(packed === undefined ? {} : { packed }),
  head: headOf(head),
  gone: false,
})

/** Numbered on where others began alike, also those that are forgotten by now. */
const newId = (file: Candidate, taken: ReadonlySet<string>): string => {
  const hash = headOf(file.head).hash.slice(0, 16)
  const numbers = [...taken].filter((id) => id.startsWith(hash)).map((id) => Number(id.slice(hash.length + 1) || 1))
  return numbers.length === 0 ? hash : `${hash}-${Math.max(...numbers) + 1}`
}
