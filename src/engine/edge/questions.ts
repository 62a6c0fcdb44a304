import type { CannedQuery } from '../../core/stage.ts'

/** A question that the nodes answer from their own logs; `merge` is a second query over all answers, the relation `edge`. */
export interface EdgeQuery extends CannedQuery {
  readonly merge: string
}

/** DuckDB SQL over a node's `logs`. */
export const edgeQueries: readonly EdgeQuery[] = [
  {
    id: 'edge-errors',
    title: '5xx by endpoint',
    why: 'Every node counts in its own log; only the counts travel, and are added up here.',
    sql: `SELECT split_part(path, '?', 1) AS endpoint, COUNT(*) AS errors
FROM logs
WHERE status >= 500
GROUP BY endpoint`,
    merge: `SELECT endpoint, COUNT(*) AS nodes, SUM(errors)::BIGINT AS errors
FROM edge
GROUP BY endpoint
ORDER BY errors DESC, endpoint
LIMIT 50`,
    chart: { label: 'endpoint', value: 'errors' },
  },
  {
    id: 'edge-clients',
    title: 'Top clients by bytes',
    why: 'Addresses as they are: they stay on their node until somebody asks for them, as this question does.',
    sql: `SELECT ip, COUNT(*) AS requests, SUM(bytes)::BIGINT AS bytes
FROM logs
GROUP BY ip
ORDER BY bytes DESC NULLS LAST, ip
LIMIT 10`,
    merge: `SELECT ip, node, requests, bytes
FROM edge
ORDER BY bytes DESC NULLS LAST, ip
LIMIT 50`,
    chart: { label: 'ip', value: 'bytes' },
  },
  {
    id: 'edge-days',
    title: 'Lines a day',
    why: 'How far back the logs go, rotated and packed files included; no stage needs to have run.',
    sql: `SELECT strftime("timestamp", '%Y-%m-%d') AS day, COUNT(*) AS line_count
FROM logs
GROUP BY day`,
    merge: `SELECT day, COUNT(*) AS nodes, SUM(line_count)::BIGINT AS line_count
FROM edge
GROUP BY day
ORDER BY day DESC
LIMIT 50`,
    chart: { label: 'day', value: 'line_count' },
  },
  {
    id: 'edge-slow',
    title: 'Slowest growing logs',
    why: 'A log that hardly grew in its last ten minutes is of an idle node, or of one that lost its traffic.',
    sql: `SELECT MAX("timestamp") AS newest, COUNT(*) AS line_count,
  COUNT(*) FILTER ("timestamp" > (SELECT MAX("timestamp") FROM logs) - INTERVAL 10 MINUTE) AS last_minutes
FROM logs`,
    merge: `SELECT node, newest, line_count, last_minutes
FROM edge
ORDER BY last_minutes, node
LIMIT 50`,
    chart: { label: 'node', value: 'last_minutes' },
  },
]
