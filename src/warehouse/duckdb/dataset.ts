import { mkdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { type Bounds, runQuery } from '../../core/duckdb-query.ts'
import { AppError } from '../../core/errors.ts'
import { mergedName, tableNames } from '../../core/tables.ts'
import { openDatabase } from './database.ts'
import { makeEpoch, readEpoch } from './epoch-file.ts'
import { holdDataset } from './hold.ts'
import { layoutOf } from './layout.ts'
import type { Call, Settings } from './messages.ts'
import { fillPlaceholders } from './placeholders.ts'
import { openRelations } from './relations.ts'
import { resetDataset } from './reset.ts'
import { confirmSchema } from './schema-file.ts'
import { fromDuckdb, isVanished } from './sql-error.ts'
import { sweepAsides } from './sweep.ts'
import { openTableFiles } from './table-files.ts'
import { openTail } from './tail.ts'

/** Answers calls of the contract over the files of one dataset; what it gives is decoded on the other side. */
export interface Dataset {
  readonly answer: (call: Call, signal: AbortSignal) => Promise<unknown>
  /** Gives back what was held to write. */
  readonly release: () => void
}

/** Opens a dataset, which may keep what does not fit into memory in the folder `spill`, makes its folder, and makes it this process's working directory: relative paths need no quoting of patterns. */
export const openDataset = async (
  { folder, logResultsTable, writer }: Settings,
  spill: string | undefined,
): Promise<Dataset> => {
  const layout = layoutOf(logResultsTable)
  mkdirSync(folder, { recursive: true })
  process.chdir(folder)
  const database = await openDatabase(process.cwd(), spill)
  const files = openTableFiles(database, layout)
  const relations = openRelations(database, layout, files)
  const tail = openTail(database, layout, files)
  const views = [...tableNames.map(layout.nameOf), mergedName]

  let release: (() => void) | undefined

  const epochOrRefuse = async (): Promise<string> => {
    const epoch = await readEpoch()
    if (epoch !== undefined) return epoch
    throw new AppError({ what: `The warehouse in ${folder} has no tables yet.`, next: ['Run a stage first.'] })
  }

  const queryOnce = async (sql: string, most: Bounds, signal: AbortSignal) => {
    const epoch = await epochOrRefuse()
    await relations.refresh(epoch)
    const connection = await database.connect()
    try {
      return await runQuery(connection, fillPlaceholders(sql, layout, epoch), most, signal)
    } finally {
      connection.closeSync()
    }
  }

  const query = (sql: string, most: Bounds, signal: AbortSignal) =>
    queryOnce(sql, most, signal).catch((thrown: unknown) => {
      if (isVanished(thrown)) return queryOnce(sql, most, signal)
      throw thrown
    })

  const answer: Dataset['answer'] = async (call, signal) => {
    switch (call.method) {
      case 'confirm': {
        if (writer !== undefined) release ??= holdDataset(writer)
        const created: string[] = []
        for (const table of call.tables)
          if (await confirmSchema(database, layout, table)) created.push(layout.nameOf(table.name))
        const epoch = await makeEpoch(call.newEpoch)
        for (const table of call.tables) await mkdir(layout.epochFolder(table.name, epoch), { recursive: true })
        const folders = call.tables.flatMap(({ name }) => [layout.nameOf(name), layout.epochFolder(name, epoch)])
        sweepAsides(['.', ...folders], Date.now())
        return { epoch, created }
      }
      case 'status': {
        const epoch = await readEpoch()
        return Promise.all(tableNames.map((table) => files.status(table, epoch)))
      }
      case 'tail':
        return tail(call.table, await epochOrRefuse(), call.limit)
      case 'query':
        return query(call.sql, { rows: call.limit, bytes: call.bytes }, signal)
      case 'reset':
        await resetDataset(layout, call.newEpoch)
        return { epoch: call.newEpoch }
    }
  }

  return {
    release: () => release?.(),
    answer: (call, signal) =>
      answer(call, signal).catch((thrown: unknown) => {
        throw fromDuckdb(thrown, views)
      }),
  }
}
