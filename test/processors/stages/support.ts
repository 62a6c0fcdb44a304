import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChunkCounts, Reject } from '../../../processors/chunk-processor.ts'
import { openChunkProcessor } from '../../../processors/open-chunk-processor.ts'
import { initialRules, type RuleState } from '../../../processors/pass/rules.ts'
import { allocateRoom } from '../../../processors/vector/room.ts'
import type { Stage } from '../../../src/core/stage.ts'
import { type TableName, tableNames } from '../../../src/core/tables.ts'
import { contextOf, query, stageOf } from '../write/support.ts'

export type Row = Readonly<Record<string, unknown>>

export interface StageRun {
  readonly counts: readonly ChunkCounts[]
  readonly rejects: readonly Reject[]
  readonly rules: RuleState
  /** Rows by table, in the order of their source. */
  readonly rows: Readonly<Partial<Record<TableName, readonly Row[]>>>
}

/** Runs a stage over pieces of one log, each a chunk, and reads back what it wrote. */
export const runStage = async (stage: string | Stage, pieces: readonly Uint8Array[]): Promise<StageRun> => {
  const folder = mkdtempSync(join(tmpdir(), 'bbq-stage-'))
  try {
    return await runIn(folder, typeof stage === 'string' ? stageOf(stage) : stage, pieces)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const runIn = async (folder: string, stage: Stage, pieces: readonly Uint8Array[]): Promise<StageRun> => {
  const processor = await openChunkProcessor(contextOf(stage, folder))
  // as a node holds its chunks
  const room = allocateRoom(Math.max(1, ...pieces.map(({ length }) => length)))
  const counts: ChunkCounts[] = []
  const rejects: Reject[] = []
  let rules = initialRules()
  let start = 0
  let writing: Promise<unknown> = Promise.resolve()
  for (const [n, piece] of pieces.entries()) {
    const chunkIds = Object.fromEntries(tableNames.map((table) => [table, `e1-${table}-${n}`])) as Record<
      TableName,
      string
    >
    const bytes = room.subarray(0, piece.length)
    bytes.set(piece)
    const input = { bytes, start, fingerprint: 'f00d', chunkIds, syncTimeUs: 0n, rules }
    const passed = await processor.pass(input, (part) => {
      // a line's number counts from the beginning of its chunk
      rejects.push(...part.rejects.map(({ line: _, ...reject }) => reject))
    })
    start += piece.length
    rules = passed.rules
    counts.push(passed.counts)
    await writing
    const paths = Object.fromEntries(tableNames.map((table) => [table, join(folder, `${table}-${n}.parquet`)]))
    writing = passed.write(paths)
  }
  await writing
  processor.close()
  const rows: Partial<Record<TableName, readonly Row[]>> = {}
  for (const { table } of stage.outputs) {
    const files = pieces.map((_, n) => join(folder, `${table}-${n}.parquet`)).filter(existsSync)
    rows[table] = files.length === 0 ? [] : await rowsOf(table, files)
  }
  return { counts, rejects, rules, rows }
}

const rowsOf = (table: TableName, files: readonly string[]): Promise<readonly Row[]> => {
  const order =
    table === 'log_aggregates'
      ? 'time_window, chunk_id'
      : "split_part(remote_log_id, '/', 3)::BIGINT, COLUMNS(*)::VARCHAR"
  return query(`SELECT * FROM read_parquet([${files.map((file) => `'${file}'`).join(', ')}]) ORDER BY ${order}`)
}
