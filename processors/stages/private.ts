import type { Stage } from '../../src/core/stage.ts'
import { maskedShape } from './before-after.ts'
import { resultSelect } from './result-columns.ts'

export const privateStage: Stage = {
  id: 'private',
  title: 'Private',
  summary: 'Send no address that points at a person',
  why: 'The last octet of IPv4 and the last 64 bits of IPv6 are zeroed on the node, before anything leaves it.',
  outputs: [{ table: 'log_results', relation: 'masked', select: resultSelect('masked', 'private') }],
  queries: [
    {
      id: 'private-full',
      title: 'Full addresses stored',
      why: 'The same lines, sent by two stages: one holds people, the other networks.',
      sql: `SELECT version, COUNT(*) AS requests,
  SUM(CASE
    WHEN ip LIKE '%.0' OR ip LIKE '%::' THEN 0
    WHEN ip LIKE '%:%' OR (ip LIKE '%.%.%.%' AND UPPER(ip) = LOWER(ip)) THEN 1
    ELSE 0
  END) AS full_addresses
FROM {log_results}
WHERE STARTS_WITH(chunk_id, '{epoch}')
GROUP BY version
ORDER BY version`,
      chart: { label: 'version', value: 'full_addresses' },
    },
    {
      id: 'private-networks',
      title: 'Who was masked',
      why: 'Networks can still be counted, people cannot.',
      sql: `SELECT ip AS network, COUNT(*) AS requests
FROM {log_results}
WHERE STARTS_WITH(chunk_id, '{epoch}') AND version = 'private'
GROUP BY ip
ORDER BY requests DESC, network
LIMIT 20`,
      chart: { label: 'network', value: 'requests' },
    },
    {
      id: 'private-status',
      title: 'Status codes by region, masked',
      why: 'What the business asks for did not change.',
      sql: `SELECT region, status_category, COUNT(*) AS requests
FROM {log_results}
WHERE STARTS_WITH(chunk_id, '{epoch}') AND version = 'private'
GROUP BY region, status_category
ORDER BY requests DESC, region`,
      chart: { label: 'region', value: 'requests' },
    },
  ],
  notes: [
    'Masking after the transfer is a promise; masking before it is a fact.',
    'Addresses hide in paths and referers too, not only in the first column.',
    'Version numbers that look like addresses are masked as well: better one too many.',
    'The query on full addresses proves it: zero.',
  ],
  beforeAfter: maskedShape,
}
