/** What stands in log_results, as SQL over `events` or `masked`: whatever follows from other columns is made of them anew. */
export const resultSelect = (relation: 'events' | 'masked', version: string): string => `SELECT
  remote_log_id, "timestamp", '${version}' AS version, message,
  CASE WHEN status >= 500 THEN 'ERROR' WHEN status >= 400 THEN 'WARNING' ELSE 'INFO' END AS alert_level,
  ip, user_id, method, path, protocol, status, bytes, referer, user_agent, host, duration_ms, forwarded_for,
  CASE WHEN status BETWEEN 200 AND 299 THEN 'OK'
       WHEN status BETWEEN 300 AND 399 THEN 'Redirect'
       WHEN status BETWEEN 400 AND 499 THEN 'Client Error'
       WHEN status BETWEEN 500 AND 599 THEN 'Server Error'
       ELSE 'Informational' END AS status_category
FROM ${relation}`

/** Sizes that a server made up may add up to more than INT64 holds: such a sum stops at the largest. */
const bytes = 'LEAST(SUM(bytes), 9223372036854775807)::BIGINT AS bytes'

/** What stands in log_aggregates, as SQL over `counts` and `messages`. */
export const windowsSelect = `WITH endpoint_totals AS (
  SELECT time_window, endpoint, SUM(n) AS n, SUM(bytes) AS bytes FROM counts GROUP BY time_window, endpoint
), ranked AS (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY time_window ORDER BY endpoint IS NOT DISTINCT FROM '(other)', n DESC, endpoint) AS place
  FROM endpoint_totals
), named AS (
  SELECT time_window, CASE WHEN place > 1000 THEN '(other)' ELSE endpoint END AS endpoint,
    SUM(n)::BIGINT AS n, ${bytes}
  FROM ranked GROUP BY ALL
), endpoint_lists AS (
  SELECT time_window, LIST({'endpoint': endpoint, 'count': n, 'bytes': bytes} ORDER BY n DESC, endpoint) AS endpoints
  FROM named GROUP BY time_window
), status_totals AS (
  SELECT time_window, status, SUM(n)::BIGINT AS n, ${bytes} FROM counts GROUP BY time_window, status
), status_lists AS (
  SELECT time_window, LIST({'status': status, 'count': n, 'bytes': bytes} ORDER BY status) AS statuses,
    COALESCE(SUM(n) FILTER (status BETWEEN 200 AND 299), 0) AS ok_count,
    COALESCE(SUM(n) FILTER (status BETWEEN 300 AND 399), 0) AS redirect_count,
    COALESCE(SUM(n) FILTER (status BETWEEN 400 AND 499), 0) AS client_error_count,
    COALESCE(SUM(n) FILTER (status BETWEEN 500 AND 599), 0) AS server_error_count,
    SUM(n) AS total_count, LEAST(SUM(bytes), 9223372036854775807) AS total_bytes
  FROM status_totals GROUP BY time_window
), message_lists AS (
  SELECT time_window, LIST(message ORDER BY position)[1:5] AS messages FROM messages GROUP BY time_window
)
SELECT time_window, total_count AS log_count, COALESCE(messages, []) AS messages, ok_count, redirect_count, client_error_count,
  server_error_count, total_count, total_bytes, NULL::DOUBLE AS avg_bytes, endpoints, statuses
FROM status_lists JOIN endpoint_lists USING (time_window) LEFT JOIN message_lists USING (time_window)`

/** What stands in emergency_logs, as SQL over `alerts`. */
export const emergenciesSelect = `SELECT remote_log_id, "timestamp", 'aggregated'::ENUM('aggregated') AS version, message,
  'EMERGENCY'::ENUM('EMERGENCY') AS alert_level, kind, reason, event_id, ip
FROM alerts`
