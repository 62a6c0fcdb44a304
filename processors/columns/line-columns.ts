import type { ColumnPages } from '../parquet/column.ts'
import type { LeafType } from '../parquet/schema.ts'
import { lengthBytes } from '../parquet/values.ts'
import * as layout from '../vector/layout.ts'
import { programOf } from '../vector/room.ts'
import { blockOf } from './block.ts'
import type { OpenColumn } from './event-columns.ts'
import { allPresent } from './levels.ts'
import { beginLogIds } from './log-ids.ts'

export const lineSources = { remote_log_id: 'string', raw_line: 'string' } as const satisfies Readonly<
  Record<string, LeafType>
>

/** The lines of a chunk, column by column. */
export interface LineColumns {
  readonly rows: number
  readonly columns: Readonly<Record<keyof typeof lineSources, ColumnPages>>
}

export interface LineWriter {
  /** Takes the line in `[start, end)` as it stands. */
  add(start: number, end: number): void
  /** Takes what became of the line that begins at `start`. */
  addText(start: number, text: Buffer): void
  end(): LineColumns
}

/** About the bytes of lines that are written together. */
const blockBytes = 4_000_000

export const createLineColumns = (openColumn: OpenColumn) => {
  let texts = Buffer.allocUnsafeSlow(0)
  const ends = new Int32Array(layout.idRows)
  const ownPlaces = new Int32Array(layout.idRows)

  /** The place of a log begins every id; the bytes begin at `chunkStart` in it. */
  return (bytes: Buffer, place: string, chunkStart: number): LineWriter => {
    const program = programOf(bytes)
    const places = program === undefined ? ownPlaces : blockOf(program).places
    const lines = openColumn('raw_line', 'string')
    const ids = beginLogIds(openColumn('remote_log_id', 'string'), place, chunkStart, program)
    let count = 0
    let length = 0
    let rows = 0

    const flush = (): void => {
      ids.add({ count, places, offsets: noOffsets })
      lines.addValues({ texts: texts.subarray(0, length), ends: ends.subarray(0, count) }, allPresent(count))
      rows += count
      count = 0
      length = 0
    }

    /** Room for a text behind its length. */
    const next = (start: number, size: number): number => {
      if (count === layout.idRows || length > blockBytes) flush()
      const at = length + lengthBytes
      if (at + size > texts.length) {
        const wider = Buffer.allocUnsafeSlow(Math.max(2 * blockBytes, at + size))
        texts.copy(wider, 0, 0, length)
        texts = wider
      }
      texts.writeUInt32LE(size, length)
      places[count] = start
      length = at + size
      ends[count] = length
      count += 1
      return at
    }

    return {
      add: (start, end) => {
        const at = next(start, end - start)
        bytes.copy(texts, at, start, end)
      },
      addText: (start, text) => {
        const at = next(start, text.length)
        texts.set(text, at)
      },
      end: () => {
        if (count > 0) flush()
        return { rows, columns: { raw_line: lines.end(), remote_log_id: ids.end() } }
      },
    }
  }
}

const noOffsets: ReadonlyMap<number, number> = new Map()
