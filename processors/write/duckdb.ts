import { availableParallelism } from 'node:os'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

export interface DuckdbOptions {
  readonly memoryMb: number
  /** Where DuckDB may spill. */
  readonly tempDir: string
}

export interface Duckdb {
  connect(): Promise<DuckDBConnection>
  close(): void
}

/** More would not fit into its memory. */
export const mostThreads = Math.min(4, availableParallelism())

/** A DuckDB in memory that loads nothing from anywhere. */
export const openDuckdb = async ({ memoryMb, tempDir }: DuckdbOptions): Promise<Duckdb> => {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(mostThreads),
    memory_limit: `${memoryMb}MiB`,
    temp_directory: tempDir,
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  await connection.run("SET GLOBAL TimeZone = 'UTC'")
  connection.closeSync()
  return { connect: () => instance.connect(), close: () => instance.closeSync() }
}
