import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteName } from '../../src/core/duckdb-types.ts'
import type { FieldRelation, PassOutput } from '../pass/output.ts'
import { type OpenFieldFile, openFieldFile } from './field-file.ts'
import { type FieldFile, fieldRelation, fieldRelationNames, objectRelations } from './relations.ts'
import { type Appenders, appendRows, freshTempTables, openAppenders } from './temp-tables.ts'

/** One connection with its files and temp tables; two of them take turns, so that one can be filled while the other is written out. */
export interface Slot {
  /** Hands the chunk's rows to DuckDB without leaving this tick and returns the statements that name the relations; must be emptied where it throws. */
  fill(output: PassOutput, idPrefix: string): readonly string[]
  /** Runs statements in DuckDB's threads, empties the slot, and resolves to the rows of the last statement. */
  run(statements: readonly string[]): Promise<readonly (readonly unknown[])[]>
  /** Forgets the rows that were handed over. */
  empty(): Promise<void>
  close(): void
}

type Fields = FieldRelation<unknown>

const noRows = { file: new Uint8Array(), fileRows: 0, exact: [] } as const

export const openSlot = async (connection: DuckDBConnection, folder: string, id: number): Promise<Slot> => {
  const files = new Map<string, OpenFieldFile>()
  await connection.run(freshTempTables)
  let appenders: Appenders = await openAppenders(connection)

  const fileOf = (relation: string): OpenFieldFile => {
    const file = files.get(relation) ?? openFieldFile(join(folder, `${relation}-${id}`))
    files.set(relation, file)
    return file
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
    closeAppenders()
    await connection.run(freshTempTables)
    appenders = await openAppenders(connection)
  }

  return {
    fill: (output, idPrefix) => {
      const put = (relation: string, given: Fields): FieldFile => {
        const file = fileOf(relation)
        file.rewrite(given.file)
        return { path: file.path, rows: given.fileRows, hasRare: given.hasRare === true, exact: given.exact.length }
      }
      const counts = output.windowCounts ?? noRows
      const alerts = output.alerts ?? noRows
      const relations: Record<string, string> = {
        ...objectRelations(idPrefix, { pass_counts: put('counts', counts), pass_alerts: put('alerts', alerts) }),
      }
      for (const relation of fieldRelationNames) {
        const given = output[relation]
        if (given !== undefined) relations[relation] = fieldRelation(relation, idPrefix, put(relation, given))
      }
      appendRows(appenders, {
        exact_lines: output.lines?.exact ?? [],
        exact_events: output.events?.exact ?? [],
        exact_masked: output.masked?.exact ?? [],
        pass_counts: counts.exact,
        pass_messages: output.messages ?? [],
        pass_alerts: alerts.exact,
      })
      return Object.entries(relations).map(
        ([relation, select]) => `CREATE OR REPLACE TEMP VIEW ${quoteName(relation)} AS ${select}`,
      )
    },
    run: async (statements) => {
      try {
        const last = statements.at(-1) ?? ''
        const result = await connection.run([...statements.slice(0, -1), freshTempTables, last].join(';'))
        const rows = await result.getRows()
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
      for (const file of files.values()) file.close()
      connection.closeSync()
    },
  }
}
