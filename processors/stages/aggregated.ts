import type { Stage } from '../../src/core/stage.ts'
import { countedShape } from './before-after.ts'

export const aggregated: Stage = {
  id: 'aggregated',
  title: 'Aggregated',
  summary: 'Send windows, not lines; send emergencies at once',
  why: 'Windows of a few minutes travel as one row a node. Errors, alerts and failures travel at once, masked.',
  outputs: [
    { table: 'emergency_logs', relation: 'alerts', version: 'aggregated' },
    { table: 'log_aggregates', relation: 'counts', version: 'aggregated' },
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
