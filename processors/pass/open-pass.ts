import type { NodeIdentity } from '../../src/core/node.ts'
import type { RelationName } from '../../src/core/stage.ts'
import type { ChunkInput, OutputSettings } from '../chunk-processor.ts'
import type { OpenColumn } from '../columns/event-columns.ts'
import type { Reading } from '../formats/reading.ts'
import { beginColumn } from '../parquet/column.ts'
import { createPool } from '../parquet/pool.ts'
import { createSink } from '../parquet/sink.ts'
import { noCounts } from './counts.ts'
import { createEventsPass } from './events-pass.ts'
import { createLinesPass } from './lines-pass.ts'
import type { PassOutput } from './output.ts'

export interface PassOptions {
  /** The relations that the stage names; no other is made. */
  readonly relations: ReadonlySet<RelationName>
  readonly settings: OutputSettings
  readonly node: NodeIdentity
  /** How lines are read. */
  readonly reading: Reading
  /** What takes columns instead of pages. */
  readonly openColumn?: (relation: 'events' | 'masked' | 'lines') => OpenColumn
}

/**
 * A pass over the bytes of one chunk after another; of its buffers two are used in turn. It ends behind a line before the last where
 * the rest would not fit into memory: the caller passes that after it.
 * `counts.lines_rejected` says how many lines have no row; `rejects` also names lines of `lines` that have a row, but not their true bytes.
 * `oversizedLine` is the length of its line without its line end.
 */
export type Pass = (input: ChunkInput) => PassOutput

export const openPass = (options: PassOptions): Pass => {
  const pages = pageColumns()
  const openColumn = options.openColumn ?? (() => pages)
  const lines = options.relations.has('lines') ? createLinesPass(options.node.id, openColumn('lines')) : undefined
  const ofEvents = [...options.relations].some((relation) => relation !== 'lines')
  const events = ofEvents ? createEventsPass({ ...options, openColumn }) : undefined
  return (input) => {
    const parsed = events?.(input)
    // both are of the same lines
    const plain =
      parsed === undefined
        ? lines?.(input)
        : lines?.({ ...input, bytes: input.bytes.subarray(0, parsed.end) }, Number.POSITIVE_INFINITY)
    if (plain === undefined) return parsed ?? nothing(input)
    if (parsed === undefined) return { ...plain, rules: input.rules }
    const full_addresses = parsed.counts.full_addresses + plain.counts.full_addresses
    return { ...parsed, lines: plain.lines, counts: { ...parsed.counts, full_addresses } }
  }
}

const pageColumns = (): OpenColumn => {
  const tools = { pool: createPool(), sink: createSink() }
  return (name, type) => beginColumn({ type, path: [name], definition: 1, repetition: 0 }, tools)
}

const nothing = (input: ChunkInput): PassOutput => ({
  end: input.bytes.length,
  counts: noCounts,
  rejects: [],
  rules: input.rules,
})
