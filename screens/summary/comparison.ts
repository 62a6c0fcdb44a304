import { formatBytes, formatCount, formatDuration, formatShare } from '../../src/core/format.ts'
import { bar } from '../components/bar.ts'
import { pointer } from '../components/glyphs.ts'
import { cell, emptyLine, gap, type Line, muted, type Span, span } from '../text/line.ts'

/** What a stage came to, summed over the reports of its runs; figures are undefined while it has not run. */
export interface StageFigures {
  readonly label: string
  readonly rows?: number | undefined
  readonly sentBytes?: number | undefined
  /** Bytes that this stage read itself. */
  readonly readBytes?: number | undefined
  /** Rows in which a full client address stands. */
  readonly fullAddresses?: number | undefined
  readonly ms?: number | undefined
}

/** The logs as they lie. */
export interface LogFigures {
  readonly lines: number
  readonly bytes: number
}

export interface ComparisonOptions {
  readonly width: number
  readonly selected: number
  readonly focused: boolean
  /** An empty row between the stages. */
  readonly airy: boolean
}

/** The logs (100 %), then the stages side by side: the point of the talk in one picture. */
export const comparison = (
  logs: LogFigures | undefined,
  stages: readonly StageFigures[],
  options: ComparisonOptions,
): readonly Line[] => {
  const barWidth = Math.max(8, Math.min(40, options.width - 62))
  const air: readonly Line[] = options.airy ? [emptyLine] : []
  return [
    head(barWidth),
    logsRow(logs, barWidth),
    ...air,
    ...stages.flatMap((stage, i) => [
      [pointer(options.focused && i === options.selected), ...stageRow(stage, barWidth)],
      ...(i < stages.length - 1 ? air : []),
    ]),
  ]
}

const row = (parts: {
  name: Span
  rows: Span
  sent: Span
  share: Line
  percent: Span
  addresses: Span
  time: Span
}): Line => [
  cell(parts.name, 13),
  cell(parts.rows, 10, 'right'),
  cell(parts.sent, 10, 'right'),
  gap(2),
  ...parts.share,
  cell(parts.percent, 8, 'right'),
  cell(parts.addresses, 10, 'right'),
  cell(parts.time, 7, 'right'),
]

const head = (barWidth: number): Line => {
  const title = barWidth >= 14 ? 'SHARE OF WHAT IT READ' : 'SHARE READ'
  const wide = barWidth + 8
  return [
    gap(1),
    cell(muted('STAGE'), 13),
    cell(muted('ROWS'), 10, 'right'),
    cell(muted('SENT'), 10, 'right'),
    gap(2),
    cell(muted(title), wide),
    cell(muted('ADDRESSES'), 10, 'right'),
    cell(muted('TIME'), 7, 'right'),
  ]
}

const logsRow = (logs: LogFigures | undefined, barWidth: number): Line => [
  gap(1),
  ...row({
    name: muted('the logs'),
    rows: muted(logs === undefined ? '—' : formatCount(logs.lines)),
    sent: muted(logs === undefined ? '—' : formatBytes(logs.bytes)),
    share: [{ text: '━'.repeat(barWidth), role: 'muted' }],
    percent: muted('100 %'),
    addresses: span(''),
    time: span(''),
  }),
]

const stageRow = (stage: StageFigures, barWidth: number): Line => {
  const { rows, sentBytes, readBytes, fullAddresses, ms } = stage
  if (rows === undefined || sentBytes === undefined || readBytes === undefined)
    return [cell(muted(stage.label), 13), gap(2), muted('has not run: its number key goes there, Space starts it')]
  return row({
    name: span(stage.label),
    rows: span(formatCount(rows)),
    sent: span(formatBytes(sentBytes)),
    share: bar(readBytes > 0 ? sentBytes / readBytes : 0, barWidth),
    percent: muted(formatShare(sentBytes, readBytes)),
    addresses: span(formatCount(fullAddresses ?? 0), (fullAddresses ?? 0) > 0 ? 'bad' : 'ok'),
    time: muted(ms === undefined ? '—' : formatDuration(ms)),
  })
}
