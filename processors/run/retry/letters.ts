import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, readSync, renameSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import {
  type Letter,
  type LetterHead,
  lettersIn,
  loadedNumber,
  loadedSchema,
  type ReadAt,
} from '../../../src/core/dead-letter.ts'
import { AppError } from '../../../src/core/errors.ts'
import { jsonLine } from '../../../src/core/json.ts'
import { removeFile, syncFolder } from '../../checkpoint/files.ts'
import { maxLineBytes } from '../../formats/event.ts'
import { errorCode } from '../explain.ts'

/** The lines of a dead-letter file that have no row yet. */
export interface DeadFile {
  /** Name of the log that they are of. */
  readonly file: string | undefined
  /** Those that a format could take; a line that is too long for any stays in the file. */
  readonly letters: readonly Letter[]
  /** The number of the next attempt. */
  readonly attempt: number
  /** Lines that are in the file although they have their rows: a run ended before it had removed them. */
  readonly done: number
}

/** What a dead-letter file still holds, or undefined where it is gone. */
export const openDeadFile = (path: string): DeadFile | undefined => {
  const all: Letter[] = []
  let file: string | undefined
  try {
    for (const { head, at, bytes } of readLetters(path)) {
      file ??= head.file
      all.push({ head, at, bytes: head.length <= maxLineBytes ? bytes.slice() : bytes.slice(0, 0) })
    }
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return undefined
    throw thrown
  }
  // in this order: what another run ends meanwhile is then known to have its rows, whether the file still holds it or not
  const { offsets, attempts } = loadedOf(path)
  const left = all.filter(({ head }) => !offsets.has(head.offset))
  const letters = left.filter(({ head }) => head.length <= maxLineBytes)
  return { file, letters, attempt: attempts + 1, done: all.length - left.length }
}

/** Offsets of lines that attempts have loaded, and how many attempts have ended. */
const loadedOf = (path: string): { readonly offsets: ReadonlySet<number>; readonly attempts: number } => {
  const folder = dirname(path)
  const offsets = new Set<number>()
  let attempts = 0
  for (const name of readdirSync(folder)) {
    const number = loadedNumber(basename(path), name)
    if (number === undefined) continue
    attempts = Math.max(attempts, number)
    for (const offset of loadedSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))).offsets)
      offsets.add(offset)
  }
  return { offsets, attempts }
}

function* readLetters(path: string): Generator<Letter> {
  const descriptor = openSync(path, 'r')
  try {
    yield* lettersIn(readAt(descriptor), maxLineBytes)
  } catch (cause) {
    throw damaged(path, cause)
  } finally {
    closeSync(descriptor)
  }
}

const block = 1024 * 1024

/**
 * Removes what has its rows from a dead-letter file, and the file with its last line; those that stay get their newest reason. What
 * another run does to the file meanwhile loses no line, and brings back at most some that are known to have their rows.
 */
export const compact = (path: string, reasons: ReadonlyMap<number, string>, writer: string): void => {
  const folder = dirname(path)
  const { offsets } = loadedOf(path)
  const aside = join(folder, `.${writer}`)
  const from = openIfThere(path)
  if (from === undefined) return
  const to = openSync(aside, 'w', 0o600)
  let kept = 0
  try {
    const write = (bytes: Uint8Array): void => {
      for (let at = 0; at < bytes.length; ) at += writeSync(to, bytes, at)
    }
    let file: string | undefined
    for (const { head, at } of lettersIn(readAt(from), 0)) {
      file ??= head.file
      if (offsets.has(head.offset)) continue
      const { file: _, ...rest } = head
      const reason = reasons.get(head.offset) ?? head.reason
      const now: LetterHead = { ...rest, reason, ...(kept === 0 && file !== undefined ? { file } : {}) }
      write(Buffer.from(jsonLine(now)))
      for (let done = 0; done < head.length; ) {
        const piece = Buffer.alloc(Math.min(block, head.length - done))
        const got = readSync(from, piece, 0, piece.length, at + done)
        if (got === 0) throw damaged(path)
        write(piece.subarray(0, got))
        done += got
      }
      write(Buffer.from('\n'))
      kept += 1
    }
    fsyncSync(to)
  } catch (thrown) {
    removeFile(aside)
    throw thrown
  } finally {
    closeSync(from)
    closeSync(to)
  }
  if (kept > 0) renameSync(aside, path)
  else for (const each of [aside, path]) removeFile(each)
  syncFolder(folder)
}

const openIfThere = (path: string): number | undefined => {
  try {
    return openSync(path, 'r')
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return undefined
    throw thrown
  }
}

const readAt =
  (descriptor: number): ReadAt =>
  (at, into) =>
    readSync(descriptor, into, 0, into.length, at)

const damaged = (path: string, cause?: unknown): AppError =>
  new AppError({
    what: `The dead-letter file ${path} cannot be read.`,
    why: 'It is damaged: it does not hold what its own lines announce.',
    next: ['Copy it away, and remove it there.'],
    cause,
  })
