import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { readAhead } from '../../src/core/duckdb-query.ts'
import { quoteText } from '../../src/core/duckdb-types.ts'

export interface EdgeDatabase {
  /** Makes what queries read; afterwards nothing but `folder` can be reached, and nobody can change that. */
  readonly prepare: (make: (connection: DuckDBConnection) => Promise<void>) => Promise<DuckDBConnection>
  readonly close: () => void
}

interface DatabaseOptions {
  readonly memoryMb: number
  /** A private folder: the files that may be read, and where DuckDB may spill. */
  readonly folder: string
}

/** A DuckDB in memory for one query of a person's own. */
export const openEdgeDatabase = async ({ memoryMb, folder }: DatabaseOptions): Promise<EdgeDatabase> => {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(Math.min(2, availableParallelism())),
    memory_limit: `${memoryMb}MiB`,
    temp_directory: join(folder, 'spill'),
    enable_external_file_cache: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  return {
    prepare: async (make) => {
      await connection.run(`SET GLOBAL TimeZone = 'UTC'; ${readAhead.set}`)
      await make(connection)
      await connection.run(`
        SET allowed_directories = [${quoteText(`${folder}/`)}];
        SET enable_external_access = false;
        SET lock_configuration = true`)
      return connection
    },
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}
