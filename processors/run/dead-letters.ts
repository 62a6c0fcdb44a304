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
  begin(chunk: LetteredChunk): ChunkLetters
}

/** The dead letters of one chunk while it is worked on. */
interface ChunkLetters {
  add(rejects: readonly Reject[]): Promise<void>
  /** Puts the file in its place. */
  end(): void
  /** Forgets what was added. */
  abandon(): void
}

interface LetteredChunk {
  readonly source: Source
  readonly log: string
  readonly cut: Cut
  readonly linesBefore: number | undefined
  /** Another run had begun it, and may have read its lines otherwise. */
  readonly again: boolean
}

const block = 1024 * 1024

/** A file holds, for each line, one line of JSON (offset, length, reason), then the line's bytes, then LF. */
export const openDeadLetters = (folder: string, writer: string): DeadLetters => ({
  begin: ({ source, log, cut, linesBefore, again }) => {
    const path = join(folder, deadFileName({ log, start: cut.start, end: cut.end }))
    const aside = join(folder, `.${writer}`)
    const isKept = !again && existsSync(path)
    let file: number | undefined

    const write = (bytes: Uint8Array): void => {
      for (let at = 0; file !== undefined && at < bytes.length; ) at += writeSync(file, bytes, at)
    }
    const close = (): void => {
      if (file !== undefined) closeSync(file)
      file = undefined
    }
    const headOf = ({ offset, length, reason, line }: Reject, isFirst: boolean): LetterHead => ({
      offset,
      length,
      reason,
      ...(line === undefined || linesBefore === undefined ? {} : { line: linesBefore + line }),
      ...(isFirst ? { file: basename(source.path) } : {}),
    })

    return {
      add: async (rejects) => {
        if (isKept) return
        for (const reject of rejects) {
          const { offset, length } = reject
          const isFirst = file === undefined
          if (isFirst) makePrivateFolder(folder)
          file ??= openSync(aside, 'w', 0o600)
          const head = Buffer.from(jsonLine(headOf(reject, isFirst)))
          const from = offset - cut.start
          if (cut.oversizedLine === undefined) write(Buffer.concat([head, cut.bytes.subarray(from, from + length), lf]))
          else {
            write(head)
            await copy(source, offset, length, write)
            write(lf)
          }
        }
      },
      end: () => {
        if (file === undefined) {
          if (again) removeFile(path)
          return
        }
        fsyncSync(file)
        close()
        renameSync(aside, path)
        syncFolder(folder)
      },
      abandon: () => {
        if (file === undefined) return
        close()
        removeFile(aside)
      },
    }
  },
})

const lf = Buffer.from('\n')

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
