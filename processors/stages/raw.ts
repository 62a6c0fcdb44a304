import type { Stage } from '../../src/core/stage.ts'
import { sentWhole } from './before-after.ts'

export const raw: Stage = {
  id: 'raw',
  title: 'Raw',
  summary: 'Send everything, and sort it out later',
  why: 'Each node sends its log line by line. The warehouse gets text: all of it, every address included.',
  outputs: [
    {
      table: 'raw_logs',
      relation: 'lines',
      version: 'raw',
    },
  ],
  queries: [
    {
      id: 'raw-clouds',
      title: 'Rows by cloud',
      why: 'All lines have arrived, from every cloud.',
      sql: `SELECT provider, COUNT(*) AS line_count
FROM {raw_logs}
WHERE STARTS_WITH(chunk_id, '{epoch}')
GROUP BY provider
ORDER BY line_count DESC`,
      chart: { label: 'provider', value: 'line_count' },
    },
    {
      id: 'raw-errors',
      title: 'Errors, by looking at text',
      why: 'Without columns a question is a guess at how the text looks.',
      sql: `SELECT nodeName, COUNT(*) AS line_count
FROM {raw_logs}
WHERE STARTS_WITH(chunk_id, '{epoch}') AND raw_line LIKE '%" 500 %'
GROUP BY nodeName
ORDER BY line_count DESC, nodeName`,
      chart: { label: 'nodeName', value: 'line_count' },
    },
    {
      id: 'raw-sizes',
      title: 'Text by region',
      why: 'What is stored, and paid for, is mostly the same words again and again.',
      sql: `SELECT region, COUNT(*) AS line_count, SUM(LENGTH(raw_line)) AS characters
FROM {raw_logs}
WHERE STARTS_WITH(chunk_id, '{epoch}')
GROUP BY region
ORDER BY characters DESC`,
      chart: { label: 'region', value: 'characters' },
    },
  ],
  notes: [
    'This is what most pipelines do: ship the log, think later.',
    'Nothing is lost. Nothing is understood either.',
    'Every row holds a full address of a person. Remember that figure for the summary.',
  ],
  beforeAfter: sentWhole,
}
