import { formatBytes, formatCount, formatDuration, formatShare } from '../core/format.ts'
import { jsonText } from '../core/json.ts'
import type { QueryColumn, Value } from '../warehouse/warehouse.ts'
import { formatDollars } from './cost/price.ts'
import { textOf } from './selectors/answer.ts'
import { costTexts, selectCosts } from './selectors/spend.ts'
import { selectEmergencyKinds, selectFailingEndpoints, selectLogs, selectSummaries } from './selectors/summary.ts'
import type { State } from './state.ts'

interface Answer {
  readonly columns: readonly QueryColumn[]
  readonly rows: readonly (readonly Value[])[]
}

const csvCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** An answer as RFC 4180 with a head. */
export const toCsv = ({ columns, rows }: Answer): string =>
  [columns.map(({ name }) => name), ...rows.map((row) => row.map(textOf))]
    .map((row) => `${row.map(csvCell).join(',')}\n`)
    .join('')

/** An answer as an array of objects. */
export const toJson = ({ columns, rows }: Answer): string =>
  `${jsonText(
    rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null]))),
    2,
  )}\n`

const markdownCell = (text: string): string => text.replaceAll(/[\r\n]+/g, ' ').replaceAll('|', '\\|')

const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(markdownCell).join(' | ')} |\n`).join('')

/** An answer as a Markdown table. */
export const toMarkdown = ({ columns, rows }: Answer): string =>
  markdownTable(
    columns.map(({ name }) => name),
    rows.map((row) => row.map(textOf)),
  )

/** The Summary as Markdown, from what the reports and tables said. */
export const summaryMarkdown = (state: State): string => {
  const logs = selectLogs(state)
  const summaries = selectSummaries(state)
  const stages = markdownTable(
    ['stage', 'rows', 'sent', 'share of what it read', 'full addresses', 'time', 'kept in BigQuery, a month at least'],
    [
      ['the logs', formatCount(logs.lines), formatBytes(logs.bytes), '100 %', '', '', ''],
      ...summaries.map(({ title, digit, rows, totals, run, storageDollars }) => [
        [digit, title].filter((word) => word !== undefined).join(' '),
        formatCount(rows),
        formatBytes(totals.bytes_sent),
        formatShare(totals.bytes_sent, totals.bytes_read),
        formatCount(totals.full_addresses),
        formatDuration(run.ms),
        formatDollars(storageDollars),
      ]),
    ],
  )
  const accounts = markdownTable(
    ['stage', 'lines read', 'parsed', 'rejected', 'blank', 'nodes'],
    summaries.map(({ title, totals, run }) => [
      title,
      formatCount(totals.lines_read),
      formatCount(totals.lines_parsed),
      formatCount(totals.lines_rejected),
      formatCount(totals.lines_blank),
      `${run.nodes.filter((node) => node.state === 'done').length} of ${run.nodes.length}`,
    ]),
  )
  const costs = markdownTable(['what', 'cost'], costTexts(selectCosts(state)))
  const kinds = markdownTable(
    ['kind', 'emergencies'],
    selectEmergencyKinds(state).map(([kind, count]) => [kind, formatCount(count)]),
  )
  const failing = markdownTable(
    ['window', 'endpoint', '5xx lines'],
    selectFailingEndpoints(state)
      .slice(0, 20)
      .map(({ window, endpoint, lines }) => [window, endpoint, formatCount(lines)]),
  )
  const { source } = state
  const head = `# bbq, ${new Date(state.clock.now).toISOString().slice(0, 16).replace('T', ' ')} UTC\n`
  const place = `${source?.cluster.label ?? 'no cluster'}; ${source?.warehouse.label ?? 'no warehouse'}; epoch ${source?.epoch ?? 'none'}\n`
  return [
    head,
    place,
    `## Stages\n\n${stages}`,
    `## read = parsed + rejected + blank\n\n${accounts}`,
    `## Cost\n\n${costs}`,
    `## Emergencies by kind\n\n${kinds}`,
    `## 5xx lines by window and endpoint\n\n${failing}`,
  ].join('\n')
}
