import type { TableName } from '../../src/core/tables.ts'
import type { Params } from '../params.ts'

/** Where a node's chunks go. */
export interface Sink {
  /** Throws an AppError of kind `refused` when the dataset holds another epoch. */
  check(): Promise<void>
  /** An absolute path for the Parquet file of a chunk, which does not exist yet. */
  aside(table: TableName, chunkId: string): string
  /** Makes the rows of the file at `aside` part of the table, all or none, and once however often it is called. */
  load(table: TableName, chunkId: string): Promise<void>
  /** Removes what killed or slower runs left of a loaded chunk. */
  tidy(table: TableName, chunkId: string): Promise<void>
}

export interface SinkOptions {
  readonly epoch: string
  /** Name of a table in the dataset. */
  readonly nameOf: (table: TableName) => string
  /** Unique a process. */
  readonly writer: string
  readonly params: Params
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** One kind of sink; its name stands before the colon of `--sink`. */
export interface SinkKind {
  readonly kind: string
  /** What follows the colon, for messages. */
  readonly target: string
  /** Throws an AppError of kind `usage` for a target that makes no sense. */
  readonly open: (target: string, options: SinkOptions) => Sink
}
