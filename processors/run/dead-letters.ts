import { closeSync, existsSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'
import { basename, join } from 'node:path'
import { deadFileName, type LetterHead } from '../../src/core/dead-letter.ts'
import { AppError } from '../../src/core/errors.ts'
import { jsonLine } from '../../src/core/json.ts'
import { makePrivateFolder, removeFile, syncFolder } from '../checkpoint/files.ts'
import type { Reject } from '../chunk-processor.ts'
import type { Cut } from './cutter.ts'
import type { Source } from './source.ts'

export interface DeadLetters {
  /** Keeps the true bytes of lines that did not become rows as they stand; one file a chunk, made whole or not at all. */
  keep(chunk: LetteredChunk): Promise<void>
}

interface LetteredChunk {
  readonly source: Source
  readonly log: string
  readonly cut: Cut
  readonly rejects: readonly Reject[]
  readonly linesBefore: number | undefined
  /** Another run had begun it, and may have read its lines otherwise. */
  readonly again: boolean
}

const block = 1024 * 1024

/** A file holds, for each line, one line of JSON (offset, length, reason), then the line's bytes, then LF. */
export const openDeadLetters = (folder: string, writer: string): DeadLetters => ({
  keep: async ({ source, log, cut, rejects, linesBefore, again }) => {
    const path = join(folder, deadFileName({ log, start: cut.start, end: cut.end }))
    if (again && rejects.length === 0) removeFile(path)
    if (rejects.length === 0 || (!again && existsSync(path))) return
    makePrivateFolder(folder)
    const aside = join(folder, `.${writer}`)
    const file = openSync(aside, 'w', 0o600)
    try {
      const write = (bytes: Uint8Array): void => {
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
      }
      for (const [i, { offset, length, reason, line }] of rejects.entries()) {
        const head: LetterHead = {
          offset,
          length,
          reason,
          ...(line === undefined || linesBefore === undefined ? {} : { line: linesBefore + line }),
          ...(i === 0 ? { file: basename(source.path) } : {}),
        }
        write(Buffer.from(jsonLine(head)))
        const from = offset - cut.start
        if (cut.oversizedLine === undefined) write(cut.bytes.subarray(from, from + length))
        else await copy(source, offset, length, write)
        write(Buffer.from('\n'))
      }
      fsyncSync(file)
    } catch (thrown) {
      removeFile(aside)
      throw thrown
    } finally {
      closeSync(file)
    }
    renameSync(aside, path)
    syncFolder(folder)
  },
})

const copy = async (source: Source, offset: number, length: number, write: (bytes: Uint8Array) => void) => {
  const bytes = Buffer.alloc(Math.min(block, length))
  for (let done = 0; done < length; ) {
    const got = await source.read(offset + done, bytes.subarray(0, Math.min(bytes.length, length - done)))
    if (got === 0)
      throw new AppError({
        what: `A line of ${length} bytes at ${offset} was cut to ${done} bytes while it was read.`,
        why: 'The log was truncated meanwhile; its dead letter would not be whole.',
        next: ['Run the stage again: what is left of the log is read then.'],
      })
    write(bytes.subarray(0, got))
    done += got
  }
}
