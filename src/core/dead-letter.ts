import { z } from 'zod'

/** What stands before the bytes of a refused line in a dead-letter file: one line of JSON; the bytes and an LF follow it. */
const letterHeadSchema = z.object({
  /** Where the line is in its log, and its length without line end, in bytes. */
  offset: z.number().int().nonnegative(),
  length: z.number().int().nonnegative(),
  reason: z.string(),
  /** Number of the line in its log, from 1, where it was counted. */
  line: z.number().int().positive().optional(),
  /** Name of the log; in the first letter of a file. */
  file: z.string().optional(),
})
export type LetterHead = z.infer<typeof letterHeadSchema>

/** The chunk whose refused lines a dead-letter file holds. */
export interface LetterChunk {
  readonly log: string
  readonly start: number
  readonly end: number
}

export const deadFileName = ({ log, start, end }: LetterChunk): string => `${log}-${start}-${end}.dead`

const nameShape = /^(.+)-(\d+)-(\d+)\.dead$/

/** The chunk that a dead-letter file is of, or undefined for another file. */
export const parseDeadFileName = (name: string): LetterChunk | undefined => {
  const [, log, start, end] = nameShape.exec(name) ?? []
  return log === undefined ? undefined : { log, start: Number(start), end: Number(end) }
}

/**
 * One attempt to take the letters of a file again: what it set out with, and what came of it. An attempt that has no outcome is made
 * again with what it set out with, so that the rows that it may have loaded are the same.
 */
export const attemptName = (deadFile: string, part: 'claim' | 'loaded', number: number): string =>
  deadFile.replace(/dead$/, `${part}-${number}`)

/** The number of an attempt whose outcome a file is, or undefined for another file. */
export const loadedNumber = (deadFile: string, name: string): number | undefined => {
  const beginning = deadFile.replace(/dead$/, 'loaded-')
  return name.startsWith(beginning) ? Number(name.slice(beginning.length)) : undefined
}

export const loadedSchema = z.object({
  /** Offsets of the lines that have their rows. */
  offsets: z.array(z.number().int().nonnegative()),
})

/** Where the dead letters of a stage are, below a node's data folder. */
export const deadFolder = (epoch: string, stageId: string): string => `.bbq/state/${epoch}/${stageId}/dead`

export interface Letter {
  readonly head: LetterHead
  /** Where the line begins in the dead-letter file. */
  readonly at: number
  /** The line, or its beginning where it is longer than the reader wanted. */
  readonly bytes: Uint8Array
}

/** Reads from a place of a file into a buffer; fewer bytes come only where it ends. */
export type ReadAt = (at: number, into: Uint8Array) => number

const windowBytes = 256 * 1024
const longestHead = 16 * 1024

/** The letters of a dead-letter file, each with at most `limit` bytes of its line; throws where the file is damaged. */
export function* lettersIn(read: ReadAt, limit: number): Generator<Letter> {
  let window: Uint8Array = new Uint8Array(0)
  let from = 0
  const view = (at: number, length: number): Uint8Array => {
    if (at < from || at + length > from + window.length) {
      const next = new Uint8Array(Math.max(windowBytes, length))
      window = next.subarray(0, read(at, next))
      from = at
    }
    return window.subarray(at - from, at - from + length)
  }
  for (let at = 0; ; ) {
    const start = view(at, longestHead)
    if (start.length === 0) return
    const lf = start.indexOf(10)
    const head = letterHeadSchema.parse(JSON.parse(new TextDecoder().decode(start.subarray(0, Math.max(0, lf)))))
    const place = at + lf + 1
    yield { head, at: place, bytes: view(place, Math.min(head.length, limit)) }
    at = place + head.length + 1
  }
}
