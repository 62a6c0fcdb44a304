import type { Stage } from '../../src/core/stage.ts'
import { givenShape } from './before-after.ts'

export const structured: Stage = {
  id: 'structured',
  title: 'Structured',
  summary: 'Give every line a shape',
  why: 'Each node parses its log where it lies and sends rows instead of text.',
  outputs: [{ table: 'log_results', relation: 'events', version: 'structured' }],
  queries: [
    {
      id: 'structured-status',
      title: 'Status codes by region',
      why: 'A question about columns is one line of SQL.',
      sql: `SELECT region, status_category, COUNT(*) AS requests
FROM {log_results}
WHERE STARTS_WITH(chunk_id, '{epoch}') AND version = 'structured'
GROUP BY region, status_category
ORDER BY requests DESC, region`,
      chart: { label: 'region', value: 'requests' },
    },
    {
      id: 'structured-paths',
      title: 'Largest endpoints',
      why: 'Where the bytes go.',
      sql: `SELECT path, COUNT(*) AS requests, SUM(bytes) AS total_bytes
FROM {log_results}
WHERE STARTS_WITH(chunk_id, '{epoch}') AND version = 'structured'
GROUP BY path
ORDER BY total_bytes DESC, path
LIMIT 20`,
      chart: { label: 'path', value: 'total_bytes' },
    },
    {
      id: 'structured-hours',
      title: 'Requests by hour',
      why: 'The day of the shop, from 21 nodes at once.',
      sql: `SELECT EXTRACT(HOUR FROM timestamp) AS hour_utc, COUNT(*) AS requests
FROM {log_results}
WHERE STARTS_WITH(chunk_id, '{epoch}') AND version = 'structured'
GROUP BY hour_utc
ORDER BY hour_utc`,
      chart: { label: 'hour_utc', value: 'requests' },
    },
    {
      id: 'structured-people',
      title: 'Who came most often',
      why: 'The answer names people by their address: that is what the next stage is for.',
      sql: `SELECT ip, COUNT(*) AS requests, COUNT(DISTINCT user_id) AS users
FROM {log_results}
WHERE STARTS_WITH(chunk_id, '{epoch}') AND version = 'structured'
GROUP BY ip
ORDER BY requests DESC, ip
LIMIT 20`,
      chart: { label: 'ip', value: 'requests' },
    },
  ],
  notes: [
    'The work happened on the nodes; the warehouse only received rows.',
    'Columns compress better than text: the same facts, a fraction of the bytes.',
    'A line that is no log line is not lost: the node keeps it and the report counts it.',
    'Addresses are still whole. One query shows who came most often.',
  ],
  beforeAfter: givenShape,
}
