import { formatCompact } from '../../src/core/format.ts'
import { gap, type Line, muted, type Role, type Span, span } from '../text/line.ts'

/** A kind of value in a stacked chart; the block differs too, so that it reads without colour. */
export interface Series {
  readonly label: string
  readonly role: Role
  readonly block: string
}

export interface ChartColumn {
  readonly label: string
  /** One value a series, in the order of the series, counted from the floor. */
  readonly values: readonly number[]
}

export interface ColumnsOptions {
  readonly series: readonly Series[]
  readonly width: number
  /** Rows, the axis and its labels included; at least 5. */
  readonly height: number
  /** Draw with one block and let colour tell the series apart. */
  readonly coloured: boolean
}

const axisWidth = 7

/** Stacked columns over a labelled axis, newest on the right; zero is the floor. */
export const columnsChart = (columns: readonly ChartColumn[], options: ColumnsOptions): readonly Line[] => {
  const { width, height } = options
  const plot = Math.max(1, height - 2)
  const { shown, thick } = layout(columns, width - axisWidth)
  const top = niceTop(Math.max(1, ...shown.map((column) => sum(column.values))))
  const stacks = shown.map((column) => stack(column.values, top, plot))
  const rows: Line[] = []
  for (let y = plot - 1; y >= 0; y--)
    rows.push([axisLabel(y, plot, top), ...stacks.flatMap((s) => cells(s[y], thick, options))])
  rows.push([gap(axisWidth - 1), { text: '─'.repeat(Math.max(0, width - axisWidth + 1)), role: 'rule' }])
  rows.push([gap(axisWidth), muted(timeLabels(shown, thick + 1, width - axisWidth))])
  return rows
}

/** The series with their blocks, for the head of the chart. */
export const legend = (series: readonly Series[], coloured: boolean): Line =>
  series.flatMap((one, i) => [span(`${i === 0 ? '' : ' '}${coloured ? '■' : one.block} `, one.role), muted(one.label)])

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const layout = (columns: readonly ChartColumn[], room: number) => {
  const thick = Math.max(1, Math.min(4, Math.floor(room / Math.max(1, columns.length)) - 1))
  return { thick, shown: columns.slice(-Math.max(1, Math.floor(room / (thick + 1)))) }
}

/** The smallest round number that is not below the value and splits into three round parts. */
export const niceTop = (value: number): number => {
  const raw = value / 3
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((n) => n * power).find((n) => n >= raw - 1e-9) ?? raw
  return Math.max(3, step * 3)
}

const stack = (values: readonly number[], top: number, rows: number): readonly (number | undefined)[] => {
  const total = sum(values)
  const full = total > 0 ? Math.max(1, Math.round((total / top) * rows)) : 0
  const heights = values.map((value) => (total > 0 ? Math.round((value / total) * full) : 0))
  values.forEach((value, i) => {
    if (i > 0 && heights[i] === 0 && value / total >= 0.01 && full > values.length) heights[i] = 1
  })
  const rest = full - sum(heights.slice(1))
  heights[0] = Math.max(0, rest)
  const cellsUp = heights.flatMap((height, i) => Array.from({ length: height }, () => i))
  return Array.from({ length: rows }, (_, y) => cellsUp[y])
}

const cells = (series: number | undefined, thick: number, options: ColumnsOptions): readonly Span[] => {
  const one = series === undefined ? undefined : options.series[series]
  if (one === undefined) return [gap(thick + 1)]
  return [span((options.coloured ? '█' : one.block).repeat(thick), one.role), gap(1)]
}

const axisLabel = (y: number, rows: number, top: number): Span => {
  const tick = [0, 1, 2, 3].find((n) => Math.round((n * (rows - 1)) / 3) === y)
  const text = tick === undefined ? '' : formatCompact((top * tick) / 3)
  return muted(`${text.padStart(axisWidth - 2)}  `)
}

const timeLabels = (columns: readonly ChartColumn[], step: number, width: number): string => {
  let row = ''
  columns.forEach((column, i) => {
    const x = i * step
    if (x < row.length + (row === '' ? 0 : 3) || x + column.label.length > width) return
    row = row.padEnd(x) + column.label
  })
  return row
}
