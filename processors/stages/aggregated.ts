import type { Stage } from '../../src/core/stage.ts'
import { countedShape } from './before-after.ts'

/** Sizes that a server made up may add up to more than INT64 holds: such a sum stops at the largest. */
const bytes = 'LEAST(SUM(bytes), 9223372036854775807)::BIGINT AS bytes'

/** At most 1,000 endpoints of a window keep their name, the largest ones, so that a scan of random paths stays small. */
const windows = `WITH endpoint_totals AS (
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

const emergencies = `SELECT remote_log_id, "timestamp", 'aggregated'::ENUM('aggregated') AS version, message,
  'EMERGENCY'::ENUM('EMERGENCY') AS alert_level, kind, reason, event_id, ip
FROM alerts`

export const aggregated: Stage = {
  id: 'aggregated',
  title: 'Aggregated',
  summary: 'Send windows, not lines; send emergencies at once',
  why: 'Windows of a few minutes travel as one row a node. Errors, alerts and failures travel at once, masked.',
  outputs: [
    { table: 'emergency_logs', relation: 'alerts', select: emergencies },
    { table: 'log_aggregates', relation: 'counts', select: windows },
  ],
  queries: [
    {
      id: 'aggregated-kinds',
      title: 'Emergencies by kind',
      why: 'What needed a person, and was not made to wait for a report.',
      sql: `SELECT kind, COUNT(*) AS emergencies, COUNT(DISTINCT nodeName) AS nodes
FROM {emergency_logs}
WHERE STARTS_WITH(chunk_id, '{epoch}')
GROUP BY kind
ORDER BY emergencies DESC, kind`,
      chart: { label: 'kind', value: 'emergencies' },
    },
    {
      id: 'aggregated-windows',
      title: 'Requests by window',
      why: 'The whole day of all nodes from a few hundred rows.',
      sql: `SELECT time_window, SUM(total_count) AS requests, SUM(server_error_count) AS server_errors, SUM(total_bytes) AS total_bytes
FROM {log_aggregates}
WHERE STARTS_WITH(chunk_id, '{epoch}')
GROUP BY time_window
ORDER BY time_window`,
      chart: { label: 'time_window', value: 'requests' },
    },
    {
      id: 'aggregated-outage',
      title: 'Where it went wrong',
      why: 'The windows with the largest share of failures, by node.',
      sql: `SELECT nodeName, MAX(region) AS region, time_window, SUM(total_count) AS requests, SUM(server_error_count) AS server_errors,
  ROUND(100.0 * SUM(server_error_count) / SUM(total_count), 1) AS error_percent
FROM {log_aggregates}
WHERE STARTS_WITH(chunk_id, '{epoch}')
GROUP BY nodeName, time_window
HAVING SUM(server_error_count) > 0
ORDER BY error_percent DESC, requests DESC, nodeName, time_window
LIMIT 20`,
      chart: { label: 'nodeName', value: 'error_percent' },
    },
    {
      id: 'aggregated-alerts',
      title: 'Security alerts by network',
      why: 'Enough to act on, though no row names a person.',
      sql: `SELECT ip AS network, COUNT(*) AS alerts,
  CASE WHEN STARTS_WITH(reason, 'probe') THEN SUBSTR(reason, 1, STRPOS(reason, ',') - 1) ELSE 'failed logins' END AS rule
FROM {emergency_logs}
WHERE STARTS_WITH(chunk_id, '{epoch}') AND kind = 'security alert'
GROUP BY ip, rule
ORDER BY alerts DESC, network, rule
LIMIT 20`,
      chart: { label: 'network', value: 'alerts' },
    },
  ],
  notes: [
    'Most questions are about sums. Sums are small.',
    'A window is additive: late lines send one more small row, and a view adds them up.',
    'What cannot wait travels as its own row, at once: errors, alerts, a failing node.',
    'A scanner that asks for forty paths is one alert with a count. What the server served to anybody is none.',
    'The log stays on the node. Whoever needs a line can still go and get it.',
  ],
  beforeAfter: countedShape,
}
