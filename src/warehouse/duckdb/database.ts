import { availableParallelism } from 'node:os'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { quoteText } from '../../core/duckdb-types.ts'
import { spillFolder } from './sweep.ts'

// With these the process stays below 300 MB over the demo's own tables; larger sorts spill to temporary files.
const memoryMb = 192
const maxThreads = 2

/** Runs SQL of ours; a person's goes through query.ts. */
export interface Database {
  readonly connect: () => Promise<DuckDBConnection>
  /** Runs statements one after another. */
  readonly run: (sql: string) => Promise<void>
  /** Rows as DuckDB's own values. */
  readonly rows: (sql: string) => Promise<DuckdbRows>
}

type DuckdbRows = ReturnType<Awaited<ReturnType<DuckDBConnection['runAndReadAll']>>['getRows']>

/** A DuckDB in memory that reaches no file outside of `folder`, loads nothing, and lets nobody change that. */
export const openDatabase = async (folder: string): Promise<Database> => {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(Math.min(maxThreads, availableParallelism())),
    memory_limit: `${memoryMb}MB`,
    temp_directory: spillFolder(),
    enable_external_file_cache: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const own = await instance.connect()
  await own.run(`
    SET GLOBAL TimeZone = 'UTC';
    SET allowed_directories = [${quoteText(`${folder}/`)}];
    SET enable_external_access = false;
    SET lock_configuration = true`)
  return {
    connect: () => instance.connect(),
    run: async (sql) => {
      await own.run(sql)
    },
    rows: async (sql) => (await own.runAndReadAll(sql)).getRows(),
  }
}
