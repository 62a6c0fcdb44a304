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
    why: 'Every node counts in its own log; only the counts travel.',
    sql: `SELECT split_part(path, '?', 1) AS endpoint, COUNT(*) AS errors
FROM logs
WHERE status >= 500
GROUP BY endpoint`,
    merge: `SELECT endpoint, COUNT(*) AS nodes, SUM(errors)::BIGINT AS errors
FROM edge GROUP BY endpoint
ORDER BY errors DESC, endpoint LIMIT 50`,
    chart: { label: 'endpoint', value: 'errors' },
  },
  {
    id: 'edge-clients',
    title: 'Top clients by bytes',
    why: 'Whole addresses: one leaves its node only when asked for, as here.',
    sql: `SELECT ip, COUNT(*) AS requests, SUM(bytes)::BIGINT AS bytes
FROM logs GROUP BY ip
ORDER BY bytes DESC NULLS LAST, ip LIMIT 10`,
    merge: `SELECT ip, node, requests, bytes FROM edge
ORDER BY bytes DESC NULLS LAST, ip LIMIT 50`,
    chart: { label: 'ip', value: 'bytes' },
  },
  {
    id: 'edge-days',
    title: 'Lines a day',
    why: 'How far back the logs go, rotated and packed files included.',
    sql: `SELECT strftime("timestamp", '%Y-%m-%d') AS day,
  COUNT(*) AS line_count
FROM logs GROUP BY day`,
    merge: `SELECT day, COUNT(*) AS nodes, SUM(line_count)::BIGINT AS line_count
FROM edge GROUP BY day
ORDER BY day DESC LIMIT 50`,
    chart: { label: 'day', value: 'line_count' },
  },
  {
    id: 'edge-slow',
    title: 'Slowest growing logs',
    why: 'Few lines in its last ten minutes: an idle node, or lost traffic.',
    sql: `SELECT newest, COUNT(*) AS line_count,
  COUNT(*) FILTER ("timestamp" > newest - INTERVAL 10 MINUTE)
    AS recent
FROM logs, (SELECT MAX("timestamp") AS newest FROM logs)
GROUP BY newest`,
    merge: `SELECT node, newest, line_count, recent FROM edge
ORDER BY recent, node LIMIT 50`,
    chart: { label: 'node', value: 'recent' },
  },
]
