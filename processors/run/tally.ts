import { mergeRefusals, type Refusal } from '../../src/core/refusals.ts'
import { noTotals, type Progress, type Report, type Totals } from '../../src/core/report.ts'
import type { Stage } from '../../src/core/stage.ts'
import type { ChunkCounts, WrittenTable } from '../chunk-processor.ts'

/** What this run has done so far; only chunks whose outcome it made. */
export type Tally = Totals & Pick<Report, 'dead' | 'understood'>

export const emptyTally = (stage: Stage | undefined): Tally => ({
  ...noTotals,
  understood: true,
  rows: Object.fromEntries((stage?.outputs ?? []).map(({ table }) => [table, 0])),
})

export interface FinishedChunk {
  readonly counts: ChunkCounts
  readonly refused: readonly Refusal[]
  readonly written: readonly WrittenTable[]
  /** Bytes of log. */
  readonly bytes: number
}

export const addChunk = (tally: Tally, { counts, refused, written, bytes }: FinishedChunk): Tally => {
  const rows = { ...tally.rows }
  for (const { table, rows: more } of written) rows[table] = (rows[table] ?? 0) + more
  return {
    ...tally,
    lines_read: tally.lines_read + counts.lines_read,
    lines_parsed: tally.lines_parsed + counts.lines_parsed,
    lines_rejected: tally.lines_rejected + counts.lines_rejected,
    lines_blank: tally.lines_blank + counts.lines_blank,
    rejected: mergeRefusals(tally.rejected, refused),
    repaired: tally.repaired + counts.repaired,
    rows,
    masked: tally.masked + counts.masked,
    full_addresses: tally.full_addresses + counts.full_addresses,
    bytes_read: tally.bytes_read + bytes,
    bytes_sent: tally.bytes_sent + written.reduce((sum, table) => sum + table.bytes, 0),
    chunks: tally.chunks + 1,
  }
}

export const progressOf = (tally: Tally, bytesTotal: number): Progress => ({
  type: 'progress',
  bytes_read: tally.bytes_read,
  bytes_total: bytesTotal,
  lines_read: tally.lines_read,
  rows: tally.rows,
})
