import { formatCount, formatTimeOfDay } from '../../src/core/format.ts'
import { type ChartColumn, columnsChart, legend, type Series } from '../components/columns.ts'
import { type TableColumn, tableHead, tableRow, visiblePart } from '../components/table.ts'
import { emptyLine, ends, gap, type Line, muted, selected, span } from '../text/line.ts'

/** A window of event time, merged over nodes and chunks. */
export interface WindowRow {
  /** Start of the window, ISO 8601 in UTC. */
  readonly start: string
  readonly total: number
  readonly ok: number
  readonly redirect: number
  readonly clientError: number
  readonly serverError: number
  readonly bytes: number
  readonly topEndpoint?: string
}

export const statusSeries: readonly Series[] = [
  { label: 'OK', role: 'ok', block: '░' },
  { label: '3xx', role: 'info', block: '▒' },
  { label: '4xx', role: 'warn', block: '▓' },
  { label: '5xx', role: 'bad', block: '█' },
]

export interface WindowsOptions {
  readonly width: number
  readonly height: number
  readonly coloured: boolean
  readonly selectedStart?: string | undefined
  readonly focused: boolean
  /** Figures only, no chart. */
  readonly tableOnly: boolean
  /** What to do so that windows arrive, while there are none. */
  readonly empty: string
}

/** The windows as stacked columns, and the newest ones in figures below. */
export const windowsPane = (windows: readonly WindowRow[], options: WindowsOptions): readonly Line[] => {
  const { width, height, coloured } = options
  const head = ends(
    [span('log_aggregates'), muted('   requests by window')],
    [...legend(statusSeries, coloured), gap(1)],
    width,
  )
  if (windows.length === 0) return [head, emptyLine, [muted(options.empty)]]
  const tableRows = options.tableOnly ? height - 2 : Math.max(0, Math.min(5, height - 13))
  const chartHeight = height - 3 - tableRows
  const table = tableRows > 1 ? windowTable(windows, tableRows, options) : []
  if (options.tableOnly) return [head, emptyLine, ...table]
  const chart = columnsChart(windows.map(toColumn), {
    series: statusSeries,
    width: width - 2,
    height: Math.max(5, chartHeight),
    coloured,
  })
  return [head, emptyLine, ...chart, emptyLine, ...table]
}

const toColumn = (row: WindowRow): ChartColumn => ({
  label: formatTimeOfDay(row.start).slice(0, 5),
  values: [
    Math.max(0, row.total - row.redirect - row.clientError - row.serverError),
    row.redirect,
    row.clientError,
    row.serverError,
  ],
})

const columns: readonly TableColumn[] = [
  { title: 'WINDOW', width: 6 },
  { title: 'REQUESTS', width: 8, align: 'right' },
  { title: 'OK', width: 7, align: 'right', before: 1 },
  { title: '4xx', width: 5, align: 'right', before: 1 },
  { title: '5xx', width: 5, align: 'right', before: 1 },
  { title: 'AVG SIZE', width: 9, align: 'right', before: 1 },
]

const windowTable = (windows: readonly WindowRow[], height: number, options: WindowsOptions): readonly Line[] => {
  const newest = windows.toReversed()
  const endpoint: TableColumn = {
    title: options.width < 60 ? 'ENDPOINT' : 'TOP ENDPOINT',
    width: Math.max(0, options.width - 48),
  }
  const all = endpoint.width >= 8 ? [...columns, endpoint] : columns
  const at = Math.max(
    0,
    newest.findIndex((row) => row.start === options.selectedStart),
  )
  const part = visiblePart(newest.length, at, height - 1)
  const rows = newest.slice(part.start, part.end).map((row) => {
    const line = tableRow(all, cellsOf(row))
    return options.focused && row.start === options.selectedStart ? selected(line) : line
  })
  return [tableHead(all), ...rows]
}

const cellsOf = (row: WindowRow) => {
  const failing = row.total > 0 && row.serverError / row.total >= 0.1
  return [
    span(formatTimeOfDay(row.start).slice(0, 5)),
    span(formatCount(row.total)),
    span(formatCount(row.ok)),
    span(formatCount(row.clientError)),
    span(formatCount(row.serverError), failing ? 'bad' : 'plain'),
    span(row.total > 0 ? `${formatCount(row.bytes / row.total)} B` : '—'),
    muted(row.topEndpoint ?? ''),
  ]
}
