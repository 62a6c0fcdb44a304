import { statSync, unlinkSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { quoteText } from '../../src/core/duckdb-types.ts'
import { AppError } from '../../src/core/errors.ts'
import type { NodeIdentity } from '../../src/core/node.ts'
import type { StageOutput } from '../../src/core/stage.ts'
import type { TableName } from '../../src/core/tables.ts'
import type { ChunkContext, ChunkInput, WrittenTable } from '../chunk-processor.ts'
import { maskText } from '../mask/mask-text.ts'
import type { PassOutput } from '../pass/output.ts'
import { copyStatement, copyTo, joinStatement } from './copy.ts'
import { mostThreads, openDuckdb } from './duckdb.ts'
import { openSlot, type Slot } from './open-slot.ts'
import { isMasked } from './relations.ts'
import { rowsIn } from './row-count.ts'

/** What the writer must know of a chunk beside its rows; taken before the pass returns. */
export type ChunkOrigin = Pick<ChunkInput, 'fingerprint' | 'chunkIds' | 'syncTimeUs' | 'start'>

export interface Writer {
  /** Takes the rows in this tick, then writes in DuckDB's threads. The write before the last must have ended. */
  write(output: PassOutput, origin: ChunkOrigin, paths: Readonly<Record<string, string>>): Promise<readonly Written[]>
  /** Puts the rows of files of one table each together; the files are removed. The writes before must have ended. */
  join(
    parts: readonly (readonly Written[])[],
    paths: Readonly<Record<string, string>>,
    start: number,
  ): Promise<readonly Written[]>
  /** Whether anything at all can be written beside its own files. */
  canWrite(): Promise<boolean>
  close(): void
}

export interface Written extends WrittenTable {
  readonly path: string
  /** Lines of the log, or emergencies, that its rows stand for. */
  readonly lines: number
}

interface Target {
  readonly table: TableName
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

  /** A part of the rows may be there: the next chunk must not find them. */
  const forget = async (slot: Slot, failure: AppError): Promise<never> => {
    busy.add(slot)
    await slot.empty().catch(() => undefined)
    busy.delete(slot)
    throw failure
  }

  const nextSlot = (): Slot => {
    const slot = writes++ % 2 === 0 ? slots[0] : slots[1]
    if (busy.has(slot)) throw new Error('a third write began before the first had ended')
    return slot
  }

  return {
    write: (output, origin, paths) => {
      const slot = nextSlot()
      const targets = targetsOf(context.stage.outputs, output, paths)
      if (targets.length === 0) return Promise.resolve([])
      let views: readonly string[]
      try {
        views = slot.fill(output, `${context.node.id}/${origin.fingerprint}/`)
      } catch (thrown) {
        return forget(slot, writeFailed(thrown, origin.start))
      }
      busy.add(slot)
      const copies = targets.map(({ output: one, path }) => {
        const node = isMasked(one.relation) ? maskedNode : context.node
        const chunkId = origin.chunkIds[one.table]
        const rowOrigin = { project: context.project, node, chunkId, syncTimeUs: origin.syncTimeUs }
        return copyStatement(one, rowOrigin, path)
      })
      return finish(slot, targets, [...views, ...copies], origin.start)
    },
    join: async (parts, paths, start) => {
      const files = Map.groupBy(parts.flat(), ({ table }) => table)
      const targets = [...files.keys()].map((table) => ({ table, path: pathOf(paths, table) }))
      if (targets.length === 0) return []
      const joins = targets.map(({ table, path }) =>
        joinStatement(
          (files.get(table) ?? []).map((file) => file.path),
          path,
        ),
      )
      const slot = nextSlot()
      busy.add(slot)
      const written = await finish(slot, targets, ['SET threads = 1', ...joins, `SET threads = ${mostThreads}`], start)
      for (const { path } of parts.flat()) unlinkSync(path)
      return written
    },
    canWrite: async () => {
      const path = joinPath(context.tempDir, 'probe.parquet')
      try {
        await nextSlot().run([copyTo('SELECT 1 AS one', path)])
        unlinkSync(path)
        return true
      } catch {
        return false
      }
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
): readonly (Target & { readonly output: StageOutput })[] =>
  outputs
    .filter((output) => rowsIn(output.relation, given) > 0)
    .map((output) => ({ output, table: output.table, path: pathOf(paths, output.table) }))

const pathOf = (paths: Readonly<Record<string, string>>, table: TableName): string => {
  const path = paths[table]
  if (path === undefined) throw new Error(`no path for ${table}`)
  return path
}

/** Rows of each file, and the lines that they stand for. */
const rowsOf = (targets: readonly Target[]): string =>
  targets
    .map(({ table, path }) => {
      const file = quoteText(path)
      return table === 'log_aggregates'
        ? `SELECT ${file}, count(*), coalesce(sum(total_count), 0) FROM read_parquet(${file})`
        : `SELECT file_name, num_rows, num_rows FROM parquet_file_metadata(${file})`
    })
    .join(' UNION ALL ')

const writtenTables = (targets: readonly Target[], rows: readonly (readonly unknown[])[]): readonly Written[] => {
  const counts = new Map(
    rows.map(([path, count, lines]) => [String(path), { rows: Number(count), lines: Number(lines) }]),
  )
  return targets.flatMap(({ table, path }) => {
    const count = counts.get(path)
    if (count !== undefined && count.rows > 0) return [{ table, path, ...count, bytes: statSync(path).size }]
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
