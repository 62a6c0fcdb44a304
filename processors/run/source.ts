import { readSync, type Stats } from 'node:fs'
import type { AppError } from '../../src/core/errors.ts'

/** Bytes of its head by which a log is known again. */
export const headLength = 4096

/** Names a file of a disk; with its birth, because a disk gives the number of a removed file to the next one. */
export const inodeText = ({ dev, ino, birthtimeMs }: Pick<Stats, 'dev' | 'ino' | 'birthtimeMs'>): string =>
  `${dev}:${ino}:${birthtimeMs}`

/** A file that was opened, before it is known what it is. */
export interface OpenFile {
  /** As it is called in messages. */
  readonly path: string
  readonly descriptor: number
  readonly inode: string
  /** Length of the file. */
  readonly size: number
  readonly stream?: string
}

/** The size of a packed file's content, where an earlier run measured it. */
export type Measured = (file: {
  readonly inode: string
  readonly head: Uint8Array
  readonly packed: number
}) => number | undefined

/** An open log file; it stays readable when it is renamed. */
export interface Source {
  readonly path: string
  /** Which file of which disk it is: the same for another name of it. */
  readonly inode: string
  /** Length of the content when it was opened, in bytes. */
  readonly size: number
  /** Length of the packed file, where it is one. */
  readonly packed?: number
  /** Why a packed file gives only a part of its content. */
  readonly problem?: AppError
  /** True where that part may be all that was written so far. */
  readonly isCutOff?: boolean
  /** Hash of all that came, for the copy of a stream: it is known by nothing else. */
  readonly stream?: string
  /** The first bytes of the content, at most `headLength`. */
  readonly head: Uint8Array
  /** Fills `into` from an offset of the content; fewer bytes come only where it ends. */
  read(offset: number, into: Uint8Array): Promise<number>
  /** False once the file was cut or overwritten in place below `end`. */
  holds(end: number): boolean
  /** True while a last line without its end may be written on: it changed just now, or since it was opened. */
  mayGrow(now: number): boolean
  close(): void
}

/** Reads until the buffer is full or the file ends. */
export const fill = (descriptor: number, offset: number, into: Uint8Array): number => {
  let filled = 0
  while (filled < into.length) {
    const got = readSync(descriptor, into, filled, into.length - filled, offset + filled)
    if (got === 0) break
    filled += got
  }
  return filled
}
