import { statSync, unlinkSync } from 'node:fs'
import { quoteText } from '../../src/core/duckdb-types.ts'
import { AppError } from '../../src/core/errors.ts'
import type { NodeIdentity } from '../../src/core/node.ts'
import type { RelationName, StageOutput } from '../../src/core/stage.ts'
import type { ChunkContext, ChunkInput, WrittenTable } from '../chunk-processor.ts'
import { maskText } from '../mask/mask-text.ts'
import type { PassOutput } from '../pass/output.ts'
import { copyStatement } from './copy.ts'
import { openDuckdb } from './duckdb.ts'
import { openSlot, type Slot } from './open-slot.ts'
import { isMasked } from './relations.ts'

/** What the writer must know of a chunk beside its rows; taken before the pass returns. */
export type ChunkOrigin = Pick<ChunkInput, 'fingerprint' | 'chunkIds' | 'syncTimeUs' | 'start'>

export interface Writer {
  /** Takes the rows in this tick, then writes in DuckDB's threads. The write before the last must have ended. */
  write(
    output: PassOutput,
    origin: ChunkOrigin,
    paths: Readonly<Record<string, string>>,
  ): Promise<readonly WrittenTable[]>
  close(): void
}

interface Target {
  readonly output: StageOutput
  readonly path: string
}

/** The DuckDB half of a chunk processor; fails when DuckDB cannot start. */
export const openWriter = async (context: ChunkContext): Promise<Writer> => {
  const duckdb = await openDuckdb(context)
  const slots = [
    await openSlot(await duckdb.connect(), context.tempDir, 0),
    await openSlot(await duckdb.connect(), context.tempDir, 1),
  ] as const
  const busy = new Set<Slot>()
  const maskedNode = maskNode(context)
  let writes = 0

  /** Knows nothing of the rows, so that they are not held while DuckDB writes. */
  const finish = async (slot: Slot, targets: readonly Target[], statements: readonly string[], start: number) => {
    try {
      return writtenTables(targets, await slot.run([...statements, rowsOf(targets)]))
    } catch (thrown) {
      throw writeFailed(thrown, start)
    } finally {
      busy.delete(slot)
    }
  }

  return {
    write: (output, origin, paths) => {
      const slot = writes++ % 2 === 0 ? slots[0] : slots[1]
      if (busy.has(slot)) throw new Error('a third write began before the first had ended')
      const targets = targetsOf(context.stage.outputs, output, paths)
      if (targets.length === 0) return Promise.resolve([])
      let views: readonly string[]
      try {
        views = slot.fill(output, `${context.node.id}/${origin.fingerprint}/`)
      } catch (thrown) {
        return Promise.reject(writeFailed(thrown, origin.start))
      }
      busy.add(slot)
      const copies = targets.map((target) => {
        const node = isMasked(target.output.relation) ? maskedNode : context.node
        const chunkId = origin.chunkIds[target.output.table]
        const rowOrigin = { project: context.project, node, chunkId, syncTimeUs: origin.syncTimeUs }
        return copyStatement(target.output, rowOrigin, target.path)
      })
      return finish(slot, targets, [...views, ...copies], origin.start)
    },
    close: () => {
      for (const slot of slots) slot.close()
      duckdb.close()
    },
  }
}

/** A node's own addresses may stand in its names; the private one is wanted. */
const maskNode = ({ node, settings }: ChunkContext): NodeIdentity => ({
  ...node,
  hostname: maskText(node.hostname, settings).text,
  public_ip: node.public_ip === null ? null : maskText(node.public_ip, settings).text,
})

const targetsOf = (
  outputs: readonly StageOutput[],
  given: PassOutput,
  paths: Readonly<Record<string, string>>,
): readonly Target[] =>
  outputs
    .filter((output) => rowsIn(output.relation, given) > 0)
    .map((output) => {
      const path = paths[output.table]
      if (path === undefined) throw new Error(`no path for ${output.table}`)
      return { output, path }
    })

const rowsIn = (relation: RelationName, given: PassOutput): number => {
  const rows = relation === 'counts' ? given.windowCounts : given[relation]
  return rows === undefined ? 0 : rows.fileRows + rows.exact.length
}

const rowsOf = (targets: readonly Target[]): string =>
  `SELECT file_name, num_rows FROM parquet_file_metadata([${targets.map(({ path }) => quoteText(path)).join(', ')}])`

const writtenTables = (targets: readonly Target[], rows: readonly (readonly unknown[])[]): readonly WrittenTable[] => {
  const counts = new Map(rows.map(([path, count]) => [String(path), Number(count)]))
  return targets.flatMap(({ output: { table }, path }) => {
    const count = counts.get(path) ?? 0
    if (count > 0) return [{ table, rows: count, bytes: statSync(path).size }]
    unlinkSync(path)
    return []
  })
}

const writeFailed = (thrown: unknown, start: number): AppError =>
  new AppError({
    what: `The chunk at byte ${start} could not be written as Parquet.`,
    why: firstLine(thrown instanceof Error ? thrown.message : String(thrown)),
    next: [
      'See whether the disk is full or the folder read-only, then run the stage again: nothing of this chunk was sent.',
    ],
    cause: thrown,
  })

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? ''
