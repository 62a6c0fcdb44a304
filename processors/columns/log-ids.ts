import type { ColumnPages, ColumnWriter } from '../parquet/column.ts'
import { lengthBytes } from '../parquet/values.ts'
import * as layout from '../vector/layout.ts'
import type { RoomProgram } from '../vector/room.ts'
import { putNumber } from './digits.ts'
import { allPresent } from './levels.ts'
import type { Rows } from './rows.ts'

/** Digits of a place in a log at most. */
const mostDigits = 16

type Placed = Pick<Rows, 'count' | 'places' | 'offsets'>

/** Ids of rows one behind another, each behind its length, and where each ends. */
type MakeIds = (rows: Placed, from: number, to: number) => { readonly texts: Uint8Array; readonly ends: Int32Array }

/** `node/fingerprint/offset` of each line; the lines of a chunk begin at `start`. */
export const beginLogIds = (
  writer: ColumnWriter,
  prefix: string,
  start: number,
  program: RoomProgram | undefined,
): { add(rows: Placed): void; end(): ColumnPages } => {
  const head = Buffer.from(prefix)
  const byScript = makeIds(head, start)
  const fits = lengthBytes + head.length + mostDigits <= layout.idBytes
  const byProgram = program !== undefined && fits ? makeIdsBy(program, head, start) : undefined
  return {
    add: (rows) => {
      const make = rows.offsets.size === 0 ? (byProgram ?? byScript) : byScript
      for (let from = 0; from < rows.count; from += layout.idRows) {
        const to = Math.min(rows.count, from + layout.idRows)
        writer.addValues(make(rows, from, to), allPresent(to - from))
      }
    },
    end: () => writer.end(),
  }
}

const makeIdsBy = (program: RoomProgram, head: Buffer, start: number): MakeIds => {
  const { buffer, byteOffset } = program.area
  Buffer.from(buffer, byteOffset + layout.idHeadAt).set(head)
  return (_, from, to) => {
    const places = byteOffset + layout.rowPlacesAt + from * 4
    const length = program.putIds(byteOffset + layout.idHeadAt, head.length, start, places, to - from)
    return {
      texts: new Uint8Array(buffer, byteOffset + layout.idTextsAt, length),
      ends: new Int32Array(buffer, byteOffset + layout.idEndsAt, to - from),
    }
  }
}

const makeIds = (head: Buffer, start: number): MakeIds => {
  let texts = Buffer.alloc(0)
  const ends = new Int32Array(layout.idRows)
  return ({ places, offsets }, first, to) => {
    const most = (to - first) * (lengthBytes + head.length + mostDigits)
    if (texts.length < most) texts = Buffer.allocUnsafe(most)
    let at = 0
    for (let row = first; row < to; row++) {
      const from = at + lengthBytes
      texts.set(head, from)
      const end = putNumber(texts, from + head.length, offsets.get(row) ?? start + (places[row] ?? 0))
      texts.writeUInt32LE(end - from, at)
      ends[row - first] = end
      at = end
    }
    return { texts: texts.subarray(0, at), ends: ends.subarray(0, to - first) }
  }
}
