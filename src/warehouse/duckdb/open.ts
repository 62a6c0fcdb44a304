import { join, resolve } from 'node:path'
import type { DuckdbOptions } from '../open.ts'
import { mostAnswerBytes, type Warehouse } from '../warehouse.ts'
import { openChildCalls } from './child-calls.ts'
import { layoutOf } from './layout.ts'
import { resultSchemas } from './messages.ts'

/** A folder of Parquet files, answered for by a process of its own that starts with the first call. */
export const openDuckdbWarehouse = (options: DuckdbOptions): Warehouse => {
  const { path, dataset, logResultsTable = 'log_results', programs, nodePath, env, writer, now, newEpoch } = options
  layoutOf(logResultsTable)
  const folder = resolve(path, dataset)
  const child = openChildCalls({
    program: programs.warehouse,
    nodePath,
    env,
    settings: { folder, logResultsTable, ...(writer === undefined ? {} : { writer }) },
  })

  return {
    about: { kind: 'duckdb', label: `DuckDB ${join(path, dataset)}` },
    confirm: async (tables, call) =>
      resultSchemas.confirm.parse(
        await child.call({ method: 'confirm', tables: [...tables], newEpoch: newEpoch() }, call),
      ),
    status: async (call) => resultSchemas.status.parse(await child.call({ method: 'status' }, call)),
    tail: async (table, { limit, ...call }) =>
      resultSchemas.tail.parse(await child.call({ method: 'tail', table, limit }, call)),
    estimate: async () => ({}),
    query: async (sql, { limit, answerBytes: bytes = mostAnswerBytes, ...call }) => {
      const start = now()
      const found = resultSchemas.query.parse(await child.call({ method: 'query', sql, limit, bytes }, call))
      return { ...found, ms: now() - start }
    },
    reset: async (call) => resultSchemas.reset.parse(await child.call({ method: 'reset', newEpoch: newEpoch() }, call)),
    sink: () => ({ kind: 'folder', path: folder }),
    close: child.close,
  }
}
