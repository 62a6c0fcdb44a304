import { quoteName, quoteText } from '../../core/duckdb-types.ts'
import { mergedName, type TableName } from '../../core/tables.ts'
import type { Layout } from './layout.ts'

const readParquet = (files: readonly string[]): string =>
  `SELECT * FROM read_parquet([${files.map(quoteText).join(', ')}], hive_partitioning = false)`

/** Rows of some files of a table; its schema file comes first, so that it alone decides names and types. */
export const selectFiles = (layout: Layout, table: TableName, files: readonly string[]): string =>
  readParquet([layout.schemaFile(table), ...files])

/** The view of a table over one epoch. Without files it names none, because DuckDB refuses a pattern that finds nothing; `*` alone would find dot files too. */
export const tableView = (layout: Layout, table: TableName, epoch: string, filled: boolean): string => {
  const files = filled ? [`${layout.epochFolder(table, epoch)}/[!.]*.parquet`] : []
  return `CREATE OR REPLACE VIEW ${quoteName(layout.nameOf(table))} AS ${selectFiles(layout, table, files)}`
}

/** A sum of INT64, which stops at the largest. */
const bounded = (column: string): string => `least(sum(${column}), 9223372036854775807)::BIGINT`

/** One row a node and window: the partials of all chunks added up, with the true average. */
export const mergedView = (layout: Layout): string => {
  const from = quoteName(layout.nameOf('log_aggregates'))
  const resummed = (list: string, field: string): string => `
    SELECT nodeName, time_window, list({'${field}': ${field}, 'count': n, 'bytes': b} ORDER BY n DESC, ${field}) AS ${list}
    FROM (
      SELECT nodeName, time_window, item.${field} AS ${field}, sum(item.count)::BIGINT AS n, ${bounded('item.bytes')} AS b
      FROM (SELECT nodeName, time_window, unnest(${list}) AS item FROM ${from})
      GROUP BY ALL
    )
    GROUP BY ALL`
  const added = (column: string): string => `${bounded(column)} AS ${column}`
  return `CREATE OR REPLACE VIEW ${quoteName(mergedName)} AS
  WITH sums AS (
    SELECT max(project_id) AS project_id, max(region) AS region, nodeName, max(hostname) AS hostname, max(provider) AS provider,
      max(chunk_id) AS chunk_id, time_window, ${added('log_count')},
      list_slice(flatten(list(messages ORDER BY chunk_id) FILTER (messages IS NOT NULL)), 1, 5) AS messages,
      ${added('ok_count')}, ${added('redirect_count')}, ${added('client_error_count')}, ${added('server_error_count')},
      ${added('total_count')}, ${added('total_bytes')}, sum(total_bytes)::DOUBLE / sum(total_count) AS avg_bytes,
      max(sync_time) AS sync_time
    FROM ${from}
    GROUP BY nodeName, time_window
  ),
  by_endpoint AS (${resummed('endpoints', 'endpoint')}),
  by_status AS (${resummed('statuses', 'status')})
  SELECT sums.* EXCLUDE (sync_time), coalesce(by_endpoint.endpoints, []) AS endpoints, coalesce(by_status.statuses, []) AS statuses, sums.sync_time
  FROM sums
  LEFT JOIN by_endpoint USING (nodeName, time_window)
  LEFT JOIN by_status USING (nodeName, time_window)`
}
