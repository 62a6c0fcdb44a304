import { type DuckDBConnection, DuckDBListVector, DuckDBStructVector, type DuckDBVector } from '@duckdb/node-api'
import { bytesOf, leastBytes, rowBytes, rowTooLarge } from './answer-bytes.ts'
import { prepareReading } from './duckdb-reading.ts'
import { normalise } from './duckdb-values.ts'
import type { PlainColumn, PlainValue } from './plain-value.ts'

export interface FoundRows {
  readonly columns: readonly PlainColumn[]
  readonly rows: readonly (readonly PlainValue[])[]
  /** True when at least one more row exists. */
  readonly truncated: boolean
  /** True when it is cut because it holds as many bytes as an answer may. */
  readonly full: boolean
}

/** What an answer may hold. */
export interface Bounds {
  readonly rows: number
  readonly bytes: number
}

/**
 * Lets DuckDB make one chunk of an answer ahead. It counts 16 bytes a text there, so that its own megabyte would be many of them.
 * A connection has it for itself, so it stays allowed where the configuration is locked.
 */
export const readAhead = {
  allow: "SET allowed_configs = ['streaming_buffer_size']",
  set: "SET streaming_buffer_size = '1KB'",
}

const interruptEveryMs = 50

/** Runs one reading statement and stops as soon as one row more than an answer may hold is there. The connection is the caller's. */
export const runQuery = async (
  connection: DuckDBConnection,
  sql: string,
  most: Bounds,
  signal: AbortSignal,
): Promise<FoundRows> => {
  // DuckDB forgets an interrupt that comes before the statement starts, so it is told until it stops.
  let timer: NodeJS.Timeout | undefined
  const interrupt = (): void => {
    connection.interrupt()
    timer ??= setInterval(interrupt, interruptEveryMs)
  }
  signal.addEventListener('abort', interrupt)
  try {
    signal.throwIfAborted()
    const statement = await prepareReading(connection, sql)
    const result = await statement.stream()
    const names = result.columnNames()
    const types = result.columnTypes()
    const rows: PlainValue[][] = []
    let room = most.bytes
    while (rows.length <= most.rows && room >= 0) {
      signal.throwIfAborted()
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0) break
      const vectors = names.map((_, index) => chunk.getColumnVector(index))
      for (let index = 0; index < chunk.rowCount && rows.length <= most.rows; index++) {
        const row = readRow(vectors, index, room)
        room -= row.bytes
        if (room < 0) break
        rows.push(row.values)
      }
      // its texts would be kept until the chunk is collected, which looks small from here
      chunk.reset()
    }
    const full = room < 0 && rows.length <= most.rows
    if (full && rows.length === 0) throw rowTooLarge(most.bytes)
    return {
      columns: names.map((name, index) => ({ name, type: String(types[index]) })),
      rows: rows.slice(0, most.rows),
      truncated: full || rows.length > most.rows,
      full,
    }
  } finally {
    signal.removeEventListener('abort', interrupt)
    clearInterval(timer)
  }
}

/** Reads value by value, and none of those behind the one for which there is no room. */
const readRow = (
  vectors: readonly DuckDBVector[],
  index: number,
  room: number,
): { readonly values: PlainValue[]; readonly bytes: number } => {
  const values: PlainValue[] = []
  let bytes = rowBytes
  for (const vector of vectors) {
    if (bytes > room) break
    if (itemsIn(vector, index) * leastBytes > room) return { values, bytes: room + 1 }
    const value = normalise(vector.getItem(index))
    bytes += bytesOf(value, room)
    values.push(value)
  }
  return { values, bytes }
}

/** Items of lists in a value, counted before one of them is made. */
const itemsIn = (vector: DuckDBVector, index: number): number => {
  if (vector instanceof DuckDBStructVector && !vector.isItemValid(index)) return 0
  if (vector instanceof DuckDBStructVector)
    return vector.type.entryNames.reduce((sum, _, entry) => sum + itemsIn(vector.entryVectorAt(entry), index), 0)
  const inner = vector instanceof DuckDBListVector ? vector.getItemVector(index) : null
  if (inner === null) return 0
  let items = inner.itemCount
  if (inner instanceof DuckDBListVector || inner instanceof DuckDBStructVector)
    for (let item = 0; item < inner.itemCount; item++) items += itemsIn(inner, item)
  return items
}
