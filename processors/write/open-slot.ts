import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteName } from '../../src/core/duckdb-types.ts'
import type { PassOutput } from '../pass/output.ts'
import { countRows, noWindowCounts } from '../pass/window-counts.ts'
import { objectRelations, pagesRelation } from './relations.ts'
import { writeRelation } from './table-file.ts'
import { type Appenders, appendRows, freshTempTables, openAppenders } from './temp-tables.ts'

/** One connection with its files and temp tables; two of them take turns, so that one can be filled while the other is written out. */
export interface Slot {
  /** Takes the chunk's rows in this tick; resolves to the statements that name the relations; must be emptied where it fails. */
  fill(output: PassOutput, idPrefix: string): Promise<readonly string[]>
  /** Runs statements in DuckDB's threads, empties the slot, and resolves to the rows of the last statement. */
  run(statements: readonly string[]): Promise<readonly (readonly unknown[])[]>
  /** Forgets the rows that were handed over. */
  empty(): Promise<void>
  close(): void
}

export const openSlot = async (connection: DuckDBConnection, folder: string, id: number): Promise<Slot> => {
  await connection.run(freshTempTables)
  let appenders: Appenders = await openAppenders(connection)

  const written: string[] = []
  let writes = 0

  const removeFiles = (): void => {
    for (const path of written.splice(0)) rmSync(path, { force: true })
  }

  const closeAppenders = (): void => {
    for (const appender of Object.values(appenders)) {
      try {
        appender.closeSync()
      } catch {
        // what could not be appended is not wanted any more
      }
    }
  }

  const empty = async (): Promise<void> => {
    removeFiles()
    closeAppenders()
    await connection.run(freshTempTables)
    appenders = await openAppenders(connection)
  }

  return {
    fill: async (output, idPrefix) => {
      writes += 1
      const relations: Record<string, string> = { ...objectRelations(idPrefix) }
      appendRows(appenders, {
        pass_counts: countRows(output.windowCounts ?? noWindowCounts),
        pass_messages: output.messages ?? [],
        pass_alerts: output.alerts ?? [],
      })
      const pages = (['lines', 'events', 'masked'] as const).flatMap((relation) => {
        const rows = output[relation]
        if (rows === undefined) return []
        // DuckDB keeps what it read of a file, by its name
        const path = join(folder, `${relation}-${id}-${writes}.parquet`)
        written.push(path)
        relations[relation] = pagesRelation(path)
        return writeRelation(rows, path)
      })
      await Promise.all(pages)
      return Object.entries(relations).map(
        ([relation, select]) => `CREATE OR REPLACE TEMP VIEW ${quoteName(relation)} AS ${select}`,
      )
    },
    run: async (statements) => {
      try {
        const last = statements.at(-1) ?? ''
        const result = await connection.run([...statements.slice(0, -1), freshTempTables, last].join(';'))
        const rows = await result.getRows()
        removeFiles()
        closeAppenders()
        appenders = await openAppenders(connection)
        return rows
      } catch (thrown) {
        // where DuckDB itself is at its end, the next use tells
        await empty().catch(() => undefined)
        throw thrown
      }
    },
    empty,
    close: () => {
      closeAppenders()
      connection.closeSync()
    },
  }
}
