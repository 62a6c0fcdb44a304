import { statSync, unlinkSync } from 'node:fs'
import { quoteText } from '../../src/core/duckdb-types.ts'
import type { TableName } from '../../src/core/tables.ts'
import type { ChunkContext } from '../chunk-processor.ts'
import type { PassOutput } from '../pass/output.ts'
import { joinStatement } from './copy.ts'
import { mostThreads, openDuckdb } from './duckdb.ts'
import { openSlot, type Slot } from './open-slot.ts'
import type { Written } from './open-writer.ts'

/** A file that a table's rows of a chunk go to. */
export interface Target {
  readonly table: TableName
  readonly path: string
}

interface SqlWrite {
  readonly output: PassOutput
  readonly statements: readonly string[]
  readonly targets: readonly Target[]
  readonly idPrefix: string
}

/** DuckDB with two connections that take turns, so that one can be filled while the other writes. */
export interface WriterDatabase {
  /** Takes the rows in this tick. */
  write(given: SqlWrite): Promise<readonly Written[]>
  /** Puts the rows of files of one table together. */
  join(target: Target, files: readonly Pick<Target, 'path'>[]): Promise<readonly Written[]>
  probe(statement: string): Promise<unknown>
  close(): void
}

export const openDatabase = async (context: ChunkContext): Promise<WriterDatabase> => {
  const duckdb = await openDuckdb(context)
  const slots = [
    await openSlot(await duckdb.connect(), context.tempDir, 0),
    await openSlot(await duckdb.connect(), context.tempDir, 1),
  ] as const
  const busy = new Set<Slot>()
  let writes = 0

  const withSlot = async <Made>(use: (slot: Slot) => Promise<Made>): Promise<Made> => {
    const slot = writes++ % 2 === 0 ? slots[0] : slots[1]
    if (busy.has(slot)) throw new Error('a third write began before the first had ended')
    busy.add(slot)
    try {
      return await use(slot)
    } finally {
      busy.delete(slot)
    }
  }

  /** A part of the rows may be there where it fails: the next chunk must not find them. */
  const fill = async (slot: Slot, output: PassOutput, idPrefix: string): Promise<readonly string[]> => {
    try {
      return await slot.fill(output, idPrefix)
    } catch (thrown) {
      await slot.empty().catch(() => undefined)
      throw thrown
    }
  }

  /** Knows nothing of the rows, so that they are not held while DuckDB writes. */
  const finish = async (slot: Slot, targets: readonly Target[], statements: readonly string[]) =>
    writtenTables(targets, await slot.run([...statements, rowsOf(targets)]))

  return {
    write: ({ output, statements, targets, idPrefix }) =>
      withSlot((slot) =>
        fill(slot, output, idPrefix).then((views) => finish(slot, targets, [...views, ...statements])),
      ),
    join: (target, files) => {
      const parts = files.map(({ path }) => path)
      const statements = ['SET threads = 1', joinStatement(parts, target.path), `SET threads = ${mostThreads}`]
      return withSlot((slot) => finish(slot, [target], statements))
    },
    probe: (statement) => withSlot((slot) => slot.run([statement])),
    close: () => {
      for (const slot of slots) slot.close()
      duckdb.close()
    },
  }
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
