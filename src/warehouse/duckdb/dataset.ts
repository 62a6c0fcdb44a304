import { mkdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { AppError } from '../../core/errors.ts'
import { mergedName, tableNames } from '../../core/tables.ts'
import { makeEpoch, readEpoch } from './epoch-file.ts'
import { holdDataset } from './hold.ts'
import { layoutOf } from './layout.ts'
import type { Call, Settings } from './messages.ts'
import type { Queries } from './queries.ts'
import { resetDataset } from './reset.ts'
import { confirmSchema } from './schema-file.ts'
import { fromDuckdb } from './sql-error.ts'
import { sweepAsides } from './sweep.ts'
import { openTableFiles } from './table-files.ts'

/** Answers calls of the contract over the files of one dataset; what it gives is decoded on the other side. */
export interface Dataset {
  readonly answer: (call: Call, signal: AbortSignal) => Promise<unknown>
  /** Gives back what was held to write. */
  readonly release: () => void
}

/** Opens a dataset, of which DuckDB may keep what does not fit into memory in the folder `spill`, makes its folder, and makes it this process's working directory: relative paths need no quoting of patterns. */
export const openDataset = async (
  { folder, logResultsTable, writer }: Settings,
  spill: string | undefined,
): Promise<Dataset> => {
  const layout = layoutOf(logResultsTable)
  mkdirSync(folder, { recursive: true })
  process.chdir(folder)
  const files = openTableFiles(layout)
  const views = [...tableNames.map(layout.nameOf), mergedName]

  let release: (() => void) | undefined
  let opened: Promise<Queries> | undefined

  const queries = (): Promise<Queries> => {
    opened ??= import('./queries.ts')
      .then(({ openQueries }) => openQueries(layout, files, spill))
      .catch((thrown: unknown) => {
        // tried again by the next call: rights and full disks are mended
        opened = undefined
        throw thrown
      })
    return opened
  }

  const epochOrRefuse = async (): Promise<string> => {
    const epoch = await readEpoch()
    if (epoch !== undefined) return epoch
    throw new AppError({ what: `The warehouse in ${folder} has no tables yet.`, next: ['Run a stage first.'] })
  }

  const answer: Dataset['answer'] = async (call, signal) => {
    switch (call.method) {
      case 'confirm': {
        if (writer !== undefined) release ??= holdDataset(writer)
        const created: string[] = []
        for (const table of call.tables)
          if (await confirmSchema(layout, table, async (file) => (await queries()).columnsOf(file)))
            created.push(layout.nameOf(table.name))
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
      case 'tail': {
        const epoch = await epochOrRefuse()
        return (await queries()).tail(call.table, epoch, call.limit)
      }
      case 'query':
        await epochOrRefuse()
        return (await queries()).query(call.sql, epochOrRefuse, { rows: call.limit, bytes: call.bytes }, signal)
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
