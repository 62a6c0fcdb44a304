import { AppError } from '../../src/core/errors.ts'
import type { RelationName, StageOutput } from '../../src/core/stage.ts'
import type { ChunkInput } from '../chunk-processor.ts'
import type { PassOutput } from '../pass/output.ts'
import type { Written } from './open-writer.ts'

/** Lines, or emergencies, that the rows of each table of a chunk must stand for. */
export type RowCount = Readonly<Partial<Record<string, number>>>

/** Rows of a relation; those of `counts` are of several lines each. */
export const rowsIn = (relation: RelationName, given: PassOutput): number => {
  const rows = relation === 'counts' ? given.windowCounts : given[relation]
  if (rows === undefined) return 0
  return 'length' in rows ? rows.length : rows.rows
}

export const rowCount = (outputs: readonly StageOutput[], given: PassOutput): RowCount =>
  Object.fromEntries(
    outputs.map(({ table, relation }) => [
      table,
      // a line that is no event may be one of `lines`
      relation === 'alerts' || relation === 'lines' ? rowsIn(relation, given) : given.counts.lines_parsed,
    ]),
  )

export const addRowCounts = (counts: readonly RowCount[]): RowCount => {
  const sum: Record<string, number> = {}
  for (const [table, count = 0] of counts.flatMap(Object.entries<number | undefined>))
    sum[table] = (sum[table] ?? 0) + count
  return sum
}

type Chunk = Pick<ChunkInput, 'fingerprint' | 'start'>

/** Throws where rows were lost on their way into the files of a chunk. */
export const checkRows = ({ fingerprint, start }: Chunk, expected: RowCount, written: readonly Written[]): void => {
  for (const [table, count] of Object.entries(expected)) {
    const found = written.find((one) => one.table === table)?.lines ?? 0
    if (found === count) continue
    throw new AppError({
      what: `Of the chunk at byte ${start} of log ${fingerprint} ${count} lines belong into ${table}, and ${found} were written.`,
      why: 'Rows were lost on their way into Parquet.',
      next: ['Run the stage again: nothing of this chunk was sent.'],
    })
  }
}
