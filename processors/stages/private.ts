import { holdsFullAddress } from '../../src/core/full-address.ts'
import type { Stage } from '../../src/core/stage.ts'
import { maskedShape } from './before-after.ts'

export const privateStage: Stage = {
  id: 'private',
  title: 'Private',
  summary: 'Send no address that points at a person',
  why: 'On the node, before anything leaves it: addresses become networks; users, e-mail addresses and secrets of query strings go.',
  outputs: [{ table: 'log_results', relation: 'masked', version: 'private' }],
  queries: [
    {
      id: 'private-full',
      title: 'Full addresses stored',
      why: 'The same lines, sent by two stages: one holds people, the other networks.',
      sql: `WITH texts AS (SELECT version, CONCAT(COALESCE(ip, ''), ' ',
    COALESCE(user_id, ''), ' ', COALESCE(message, ''), ' ',
    COALESCE(referer, ''), ' ', COALESCE(user_agent, ''), ' ',
    COALESCE(host, ''), ' ', COALESCE(forwarded_for, '')) AS text
  FROM {log_results} WHERE STARTS_WITH(chunk_id, '{epoch}'))
SELECT version, COUNT(*) AS requests, SUM(CASE WHEN
  ${holdsFullAddress('text')}
  THEN 1 ELSE 0 END) AS full_addresses
FROM texts GROUP BY version ORDER BY version`,
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
    'Addresses hide in paths and referers too, behind escapes of escapes: texts are read undressed.',
    'User names, e-mail addresses and tokens in query strings stay on the node as well.',
    'Version numbers that look like addresses are masked too: better one too many.',
    'The query on full addresses proves it: zero.',
  ],
  beforeAfter: maskedShape,
}
