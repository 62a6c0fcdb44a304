import { nameIn, type Place, quoted } from './place.ts'

/** A sum of INT64 that stops at the largest instead of failing. */
const bounded = (column: string): string => `CAST(LEAST(SUM(CAST(${column} AS NUMERIC)), 9223372036854775807) AS INT64)`

const added = (column: string): string => `${bounded(column)} AS ${column}`

const resummed = (list: string, field: string): string => `SELECT nodeName, time_window,
      ARRAY_AGG(STRUCT(${field} AS ${field}, n AS count, b AS bytes) ORDER BY n DESC, ${field}) AS ${list}
    FROM (
      SELECT nodeName, time_window, item.${field} AS ${field}, SUM(item.count) AS n, ${bounded('item.bytes')} AS b
      FROM partials, UNNEST(partials.${list}) AS item
      GROUP BY nodeName, time_window, item.${field}
    )
    GROUP BY nodeName, time_window`

/** The view of one epoch: a row a node and window, the partials of all chunks added up, with the true average. */
export const mergedView = (place: Place, epoch: string) => ({
  description: 'Windows of all chunks added up, of the current epoch',
  view: {
    useLegacySql: false,
    query: `WITH partials AS (
    SELECT * FROM ${quoted(place, nameIn(place, 'log_aggregates'))} WHERE STARTS_WITH(chunk_id, '${epoch}')
  ),
  sums AS (
    SELECT MAX(project_id) AS project_id, MAX(region) AS region, nodeName, MAX(hostname) AS hostname, MAX(provider) AS provider,
      MAX(chunk_id) AS chunk_id, time_window, ${added('log_count')},
      ${added('ok_count')}, ${added('redirect_count')}, ${added('client_error_count')}, ${added('server_error_count')},
      ${added('total_count')}, ${added('total_bytes')},
      SAFE_DIVIDE(SUM(CAST(total_bytes AS FLOAT64)), SUM(total_count)) AS avg_bytes, MAX(sync_time) AS sync_time
    FROM partials
    GROUP BY nodeName, time_window
  ),
  by_message AS (
    SELECT nodeName, time_window, ARRAY_AGG(message ORDER BY chunk_id LIMIT 5) AS messages
    FROM partials, UNNEST(partials.messages) AS message
    GROUP BY nodeName, time_window
  ),
  by_endpoint AS (${resummed('endpoints', 'endpoint')}),
  by_status AS (${resummed('statuses', 'status')})
  SELECT sums.project_id, sums.region, nodeName, sums.hostname, sums.provider, sums.chunk_id, time_window, sums.log_count,
    by_message.messages, sums.ok_count, sums.redirect_count, sums.client_error_count, sums.server_error_count,
    sums.total_count, sums.total_bytes, sums.avg_bytes, by_endpoint.endpoints, by_status.statuses, sums.sync_time
  FROM sums
  LEFT JOIN by_message USING (nodeName, time_window)
  LEFT JOIN by_endpoint USING (nodeName, time_window)
  LEFT JOIN by_status USING (nodeName, time_window)`,
  },
})
