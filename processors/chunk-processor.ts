import type { NodeIdentity } from '../src/core/node.ts'
import type { TransformationId } from '../src/core/private.ts'
import type { Stage } from '../src/core/stage.ts'
import type { TableName } from '../src/core/tables.ts'
import type { Reading } from './formats/reading.ts'
import type { RuleState } from './pass/rules.ts'
import type { Thresholds } from './rules/thresholds.ts'

/** Settings that change what a stage writes; kept with its checkpoint. */
export interface OutputSettings extends Thresholds {
  readonly windowSeconds: number
  readonly maskIpv4: number
  readonly maskIpv6: number
  /** What is taken out of every text from the stage private on. */
  readonly private: readonly TransformationId[]
}

export interface ChunkContext {
  readonly stage: Stage
  readonly node: NodeIdentity
  readonly project: string
  readonly settings: OutputSettings
  /** How lines are read. */
  readonly reading: Reading
  readonly memoryMb: number
  /** An existing private folder for parts of a chunk and for what SQL reads; emptied by its owner. */
  readonly tempDir: string
}

export interface ChunkInput {
  /** Whole lines, the last one with or without its LF. May be reused by the caller once `pass` is done. */
  readonly bytes: Uint8Array
  /** Offset of bytes[0] in its log (in the content, for a .gz). */
  readonly start: number
  /** Offsets of the lines in their log, where they do not follow one another. */
  readonly offsets?: readonly number[]
  /** Set when the chunk is one line longer than 1 MiB: its true length in bytes; `bytes` holds its beginning. */
  readonly oversizedLine?: number
  /** Identity of the log file; the middle part of remote_log_id. */
  readonly fingerprint: string
  /** How lines are read, where not as the other chunks. */
  readonly reading?: Reading
  readonly chunkIds: Readonly<Record<TableName, string>>
  /** Microseconds since the epoch, for sync_time and upload_time. */
  readonly syncTimeUs: bigint
  /** State of the rules with memory before the first byte. */
  readonly rules: RuleState
  /** Set where the chunk failed as a whole: lines that fail by themselves are refused. */
  readonly careful?: boolean
}

export interface Reject {
  /** Offset of the line in its log and its length without line end, in bytes. */
  readonly offset: number
  readonly length: number
  readonly reason: string
  /** Number of the line in its chunk, from 1. */
  readonly line?: number
}

export interface ChunkCounts {
  readonly lines_read: number
  readonly lines_parsed: number
  readonly lines_rejected: number
  readonly lines_blank: number
  /** Lines in which something was no UTF-8 and became U+FFFD. */
  readonly repaired: number
  readonly masked: number
  readonly full_addresses: number
}

export interface WrittenTable {
  readonly table: TableName
  readonly rows: number
  readonly bytes: number
}

/** What was made of lines of a chunk that follow each other. */
export interface ChunkPart {
  readonly counts: ChunkCounts
  readonly rejects: readonly Reject[]
}

/** Told of each part of a chunk in order; of most chunks there is one. */
export type OnPart = (part: ChunkPart) => void | Promise<void>

export interface ChunkPass {
  readonly counts: ChunkCounts
  /** State of the rules after the last byte. */
  readonly rules: RuleState
  /** Writes one Parquet file a table at the path given for it; a table without rows gets no file. zlib's threads work on its pages meanwhile. */
  write(paths: Readonly<Record<string, string>>): Promise<readonly WrittenTable[]>
}

export interface ChunkProcessor {
  /** The pass over the bytes, on this thread. At most one earlier pass may still be writing. */
  pass(input: ChunkInput, onPart: OnPart): Promise<ChunkPass>
  close(): void
}
