import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance, type DuckDBType, type DuckDBValue } from '@duckdb/node-api'
import { quoteName } from '../../../src/core/duckdb-types.ts'

interface Found {
  readonly names: readonly string[]
  readonly types: readonly DuckDBType[]
  readonly rows: readonly (readonly DuckDBValue[])[]
}

export interface Database {
  /** For uploads; goes with the database. */
  readonly folder: string
  /** Runs statements of the store, one after the other. */
  readonly run: (sql: string) => Promise<Found>
  /** Runs several statements of the store as one transaction, with no other between them. */
  readonly runAll: (statements: readonly string[]) => Promise<readonly Found[]>
  /** Runs a person's SQL beside the store, until the signal. */
  readonly query: (sql: string, signal: AbortSignal) => Promise<Found>
  readonly close: () => Promise<void>
}

const interruptEveryMs = 50

/** Rows of everything that was loaded: one database in memory, a schema for each dataset. */
export const openDatabase = async (projectId: string): Promise<Database> => {
  const folder = mkdtempSync(join(tmpdir(), 'bbq-stand-in-'))
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connect = async (): Promise<DuckDBConnection> => {
    const connection = await instance.connect()
    await connection.run(
      `SET TimeZone = 'UTC'; SET default_null_order = 'nulls_first_on_asc_last_on_desc'; USE ${quoteName(projectId)}`,
    )
    return connection
  }
  const first = await instance.connect()
  await first.run(`SET autoinstall_known_extensions = false; SET autoload_known_extensions = false`)
  await first.run(`ATTACH ':memory:' AS ${quoteName(projectId)}`)
  first.closeSync()
  const store = await connect()
  const running = new Set<Promise<unknown>>()
  const stops = new Set<() => void>()
  let last: Promise<unknown> = Promise.resolve()

  const read = async (connection: DuckDBConnection, sql: string): Promise<Found> => {
    const result = await connection.runAndReadAll(sql)
    return { names: result.columnNames(), types: result.columnTypes(), rows: result.getRows() }
  }

  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = last.then(work, work)
    last = next.catch(() => undefined)
    return next
  }

  const transaction = async (statements: readonly string[]): Promise<readonly Found[]> => {
    await store.run('BEGIN')
    try {
      const found: Found[] = []
      for (const sql of statements) found.push(await read(store, sql))
      await store.run('COMMIT')
      return found
    } catch (error) {
      await store.run('ROLLBACK')
      throw error
    }
  }

  const query: Database['query'] = async (sql, signal) => {
    signal.throwIfAborted()
    const connection = await connect()
    let timer: NodeJS.Timeout | undefined
    // DuckDB forgets an interrupt that comes before the statement starts.
    const stop = (): void => {
      connection.interrupt()
      timer ??= setInterval(() => connection.interrupt(), interruptEveryMs)
    }
    signal.addEventListener('abort', stop)
    stops.add(stop)
    const work = read(connection, sql)
    running.add(work)
    try {
      return await work
    } finally {
      running.delete(work)
      stops.delete(stop)
      signal.removeEventListener('abort', stop)
      clearInterval(timer)
      connection.closeSync()
    }
  }

  return {
    folder,
    run: (sql) => inTurn(() => read(store, sql)),
    runAll: (statements) => inTurn(() => transaction(statements)),
    query,
    close: async () => {
      for (const stop of stops) stop()
      await Promise.allSettled([...running, last])
      store.closeSync()
      instance.closeSync()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
