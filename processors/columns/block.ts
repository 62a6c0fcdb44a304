import * as layout from '../vector/layout.ts'
import type { RoomProgram } from '../vector/room.ts'

/** Rows of events, each value in an array of its column. */
export interface Block {
  /** How many rows it has, and how many texts of their own these have. */
  readonly counts: Int32Array
  /** Microseconds since 1970, UTC. */
  readonly times: BigInt64Array
  /** Milliseconds; below 0 where a line has none. */
  readonly durations: Float64Array
  /** Where the lines begin in the chunk. */
  readonly places: Int32Array
  readonly statuses: Int32Array
  /** By column: the number of a text, or what a value is beside that, see the layout. */
  readonly values: readonly Int32Array[]
  /** Of each text without a number where it starts and ends in the chunk, or the place of an odd text and -1. */
  readonly own: Int32Array
}

const columns: readonly number[] = Array.from({ length: layout.columnCount }, (_, column) => column)

const blocks = new WeakMap<RoomProgram, Block>()

/** The block that the program of a room fills, in the area behind it. */
export const blockOf = (program: RoomProgram): Block => {
  const known = blocks.get(program)
  if (known !== undefined) return known
  const { buffer, byteOffset } = program.area
  const rows = layout.blockRows
  const ints = (at: number, length: number) => new Int32Array(buffer, byteOffset + at, length)
  const block: Block = {
    counts: ints(layout.rowCountAt, 2),
    times: new BigInt64Array(buffer, byteOffset + layout.rowTimesAt, rows),
    durations: new Float64Array(buffer, byteOffset + layout.rowDurationsAt, rows),
    places: ints(layout.rowPlacesAt, rows),
    statuses: ints(layout.rowStatusesAt, rows),
    values: columns.map((column) => ints(layout.rowNumbersAt + column * rows * 4, rows)),
    own: ints(layout.ownTextsAt, layout.mostOwn * 2),
  }
  blocks.set(program, block)
  return block
}

/** The same in ordinary memory. */
export const newBlock = (): Block => {
  const rows = layout.blockRows
  return {
    counts: new Int32Array(2),
    times: new BigInt64Array(rows),
    durations: new Float64Array(rows),
    places: new Int32Array(rows),
    statuses: new Int32Array(rows),
    values: columns.map(() => new Int32Array(rows)),
    own: new Int32Array(layout.mostOwn * 2),
  }
}
