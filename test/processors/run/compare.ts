import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { expect } from 'vitest'
import { epoch, type TestNode } from './test-node.ts'

/** The columns by which two ways of cutting a log must agree: all but those that name the chunk. */
const comparable: Readonly<Record<string, string>> = {
  raw_logs: '* EXCLUDE (chunk_id, upload_time)',
  log_results: '* EXCLUDE (chunk_id, sync_time)',
  // the count of an alert is what its chunk knew
  emergency_logs: `* EXCLUDE (chunk_id, sync_time) REPLACE (regexp_replace(reason, '[0-9]+ (failed logins|requests? within)', 'n') AS reason)`,
}

const identity: Readonly<Record<string, string>> = {
  raw_logs: 'remote_log_id',
  log_results: 'remote_log_id',
  emergency_logs: 'remote_log_id, kind',
  log_aggregates: 'chunk_id, time_window',
}

/** The first row of an answer of DuckDB. */
export const ask = async (sql: string): Promise<readonly unknown[]> => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const rows = (await connection.runAndReadAll(sql)).getRowsJson()
  connection.closeSync()
  instance.closeSync()
  return rows[0] ?? []
}

/** What a node has loaded into a table, as a relation. */
export const tableOf = (node: TestNode, table: string): string =>
  `read_parquet('${join(node.dataset, table, epoch)}/*.parquet')`

/** Two nodes have loaded the same rows, each once, however the log was cut; the merged counts in log_aggregates. */
export const expectEqual = async (table: string, node: TestNode, truth: TestNode): Promise<void> => {
  const [here, there] = [tableOf(node, table), tableOf(truth, table)]
  const merged = (from: string): string =>
    table === 'log_aggregates'
      ? `SELECT time_window, sum(total_count), sum(ok_count), sum(server_error_count), sum(total_bytes) FROM ${from} GROUP BY 1`
      : `SELECT ${comparable[table]} FROM ${from}`
  const difference = (a: string, b: string): string =>
    `(SELECT count(*) FROM ((${merged(a)}) EXCEPT ALL (${merged(b)})))`
  const ids = `(SELECT count(*) FROM (SELECT DISTINCT ${identity[table]} FROM ${here}))`
  const sql = `SELECT (SELECT count(*) FROM ${here}) - ${ids}, ${difference(here, there)}, ${difference(there, here)},
    (SELECT count(*) FROM ${there}) > 1`
  expect(await ask(sql), `${table}: repeated, too many, missing, enough`).toEqual(['0', '0', '0', true])
}
