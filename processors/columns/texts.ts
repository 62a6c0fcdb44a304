import * as layout from '../vector/layout.ts'
import type { RoomProgram } from '../vector/room.ts'
import { createDictionary, type TextList } from './dictionary.ts'

/** The different texts of each column of a chunk, numbered from 0 on. A column with too many of them is full: the others have no number. */
export interface Texts {
  /** The number of `[start, end)` of the chunk's bytes, or -1. */
  of(column: number, start: number, end: number): number
  ofText(column: number, text: string): number
  /** The number of what a line says in words, by the numbers of its method and path. */
  ofMessage(method: number, path: number, status: number): number
  /** How many of a column have a number. */
  count(column: number): number
  /** Valid until the next chunk. */
  textAt(column: number, number: number): Buffer
  /** Those of a column, valid until the next text comes. */
  list(column: number): TextList
}

export interface MessageKey {
  readonly method: number
  readonly path: number
  readonly status: number
}

const keyBytes = 12

/** What a message is made of. */
export const messageKeyOf = (key: Buffer): MessageKey => ({
  method: key.readInt32LE(0),
  path: key.readInt32LE(4),
  status: key.readInt32LE(8),
})

/** Numbered by the program of a room; those of the chunk before are forgotten. */
export const programTexts = (program: RoomProgram): Texts => {
  const { area, numberOf } = program
  program.beginNumbers()
  const at = area.byteOffset
  const scratch = Buffer.from(area.buffer, at + layout.scratchAt, layout.scratchBytes)
  const bytes = Buffer.from(area.buffer)
  const heads = new Int32Array(area.buffer, at + layout.headsAt, (layout.columnCount * layout.headBytes) / 4)
  const entries = new Int32Array(area.buffer, at + layout.entriesAt, layout.columnCount * layout.mostNumbers * 2)
  const headOf = (column: number, field: number): number => heads[(column * layout.headBytes + field) >> 2] ?? 0
  return {
    of: numberOf,
    ofText: (column, text) => {
      const length = Buffer.byteLength(text)
      if (length > scratch.length) return -1
      scratch.write(text)
      return numberOf(column, scratch.byteOffset, scratch.byteOffset + length)
    },
    ofMessage: program.numberOfMessage,
    count: (column) => headOf(column, layout.headCountAt),
    textAt: (column, number) => {
      const entry = 2 * (column * layout.mostNumbers + number)
      const start = entries[entry] ?? 0
      return bytes.subarray(start, start + (entries[entry + 1] ?? 0))
    },
    list: (column) => {
      const start = at + layout.textsAt + column * layout.mostTextBytes
      const texts = bytes.subarray(start, start + headOf(column, layout.headTextAt))
      const ends = new Int32Array(headOf(column, layout.headCountAt))
      const first = 2 * column * layout.mostNumbers
      for (let i = 0; i < ends.length; i++)
        ends[i] = (entries[first + 2 * i] ?? 0) + (entries[first + 2 * i + 1] ?? 0) - start
      return { texts, ends }
    },
  }
}

/** The same without a program. */
export const scriptTexts = (bytes: Buffer): Texts => {
  const columns = Array.from({ length: layout.columnCount }, createDictionary)
  const full = new Set<number>()
  const dictionaryOf = (column: number) => {
    const found = columns[column]
    if (found === undefined) throw new Error(`no column ${column}`)
    return found
  }
  const numberOf = (column: number, text: Buffer): number => {
    if (full.has(column)) return -1
    const number = dictionaryOf(column).once(text)
    if (number < 0) full.add(column)
    return number
  }
  return {
    of: (column, start, end) => numberOf(column, bytes.subarray(start, end)),
    ofText: (column, text) => numberOf(column, Buffer.from(text)),
    ofMessage: (method, path, status) => {
      const key = Buffer.alloc(keyBytes)
      key.writeInt32LE(method, 0)
      key.writeInt32LE(path, 4)
      key.writeInt32LE(status, 8)
      return numberOf(layout.messageColumn, key)
    },
    count: (column) => dictionaryOf(column).count(),
    textAt: (column, number) => dictionaryOf(column).textAt(number),
    list: (column) => dictionaryOf(column).list(),
  }
}
