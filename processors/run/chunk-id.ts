import { createHash } from 'node:crypto'
import type { Stage } from '../../src/core/stage.ts'
import type { TableName } from '../../src/core/tables.ts'

export interface ChunkIdentity {
  readonly epoch: string
  readonly node: string
  readonly stage: Stage
  /** The settings that change what the stage writes. */
  readonly settings: Readonly<Record<string, number | string>>
  readonly log: string
  readonly start: number
  readonly end: number
  /** Number of the attempt, where refused lines of the chunk are taken again. */
  readonly attempt?: number
}

/** The ids under which a chunk's rows are loaded, one a table: the same bytes always get the same. */
export const chunkIds = (chunk: ChunkIdentity): Readonly<Record<TableName, string>> => {
  const { epoch, node, stage, settings, log, start, end, attempt } = chunk
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1))
  const idOf = (table: TableName): string => {
    const text = JSON.stringify([
      node,
      stage.id,
      sorted,
      log,
      start,
      end,
      table,
      ...(attempt === undefined ? [] : [attempt]),
    ])
    return `${epoch}-${createHash('sha256').update(text).digest('hex').slice(0, 24)}`
  }
  // tables that the stage does not write have no chunk
  return Object.fromEntries(stage.outputs.map(({ table }) => [table, idOf(table)])) as Record<TableName, string>
}
