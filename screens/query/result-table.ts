import { formatCount, formatShare } from '../../src/core/format.ts'
import { truncate, widthOf } from '../../src/core/width.ts'
import { plainBar } from '../components/bar.ts'
import {
  type TableColumn,
  tableHead,
  tableRow,
  tableWidth,
  type VisiblePart,
  visiblePart,
} from '../components/table.ts'
import { clean } from '../text/clean.ts'
import { fitTo, gap, type Line, muted, selected, span } from '../text/line.ts'
import { toNumber, type Value, valueText } from '../text/values.ts'

/** The rows that answer a question. */
export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly Value[])[]
  readonly truncated: boolean
  readonly full?: boolean
}

export interface ResultOptions {
  readonly width: number
  readonly height: number
  readonly selected: number
  readonly focused: boolean
  /** Draw the last number as bars over the first column. */
  readonly chart: boolean
  readonly sort?: { readonly column: number; readonly descending: boolean } | undefined
}

const numeric = /INT|DOUBLE|FLOAT|DECIMAL|NUMERIC|REAL/i

/** The rows of an answer: as a table with bars beside its last number, or as bars alone; the last row tells which rows these are. */
export const resultTable = (result: Answer, options: ResultOptions): readonly Line[] => {
  const { width, height } = options
  if (result.rows.length === 0) return [[muted('No rows. The question is answered: there is nothing of the kind.')]]
  const layout = options.chart ? chartLayout(result, width) : tableLayout(result, width)
  const part = visiblePart(result.rows.length, options.selected, height - 2)
  const rows = result.rows.slice(part.start, part.end).map((row, i) => {
    const cells = layout.texts.map((column) => {
      const text = valueText(row[column])
      return layout.isNumber(column) || column === 0 ? span(text) : muted(text)
    })
    const line = [...tableRow(layout.columns, cells), ...barOf(row, layout)]
    return options.focused && part.start + i === options.selected ? selected(fitTo(line, width)) : line
  })
  return [tableHead(marked(layout, options.sort)), ...rows, footOf(result, part, layout)]
}

const marked = (layout: Layout, sort: ResultOptions['sort']): readonly TableColumn[] =>
  layout.columns.map((column, i) =>
    sort === undefined || layout.texts[i] !== sort.column
      ? column
      : { ...column, title: truncate(column.title, column.width - 2) + (sort.descending ? ' ▼' : ' ▲') },
  )

interface Layout {
  readonly columns: readonly TableColumn[]
  readonly texts: readonly number[]
  readonly isNumber: (column: number) => boolean
  readonly barColumn: number | undefined
  readonly barWidth: number
  readonly max: number
  /** What lies between the largest and the smallest value, as a share of the largest, 0 to 1. */
  readonly spread: number
}

const tableLayout = (result: Answer, width: number): Layout => {
  const isNumber = (column: number) => numeric.test(result.columns[column]?.type ?? '')
  const widths = result.columns.map((column, i) =>
    Math.min(
      isNumber(i) ? 16 : Math.max(12, Math.floor(width / 2)),
      result.rows.slice(0, 500).reduce((most, row) => Math.max(most, widthOf(valueText(row[i]))), widthOf(column.name)),
    ),
  )
  const texts: number[] = []
  const columns: TableColumn[] = []
  for (const [i, column] of result.columns.entries()) {
    const next = {
      title: column.name.toUpperCase(),
      width: widths[i] ?? 0,
      align: isNumber(i) ? ('right' as const) : ('left' as const),
    }
    const room = width - tableWidth(columns) - (columns.length === 0 ? 0 : 2)
    if (room < 4) break
    columns.push({ ...next, width: Math.min(next.width, room) })
    texts.push(i)
  }
  const layout = withBars(result, { columns, texts, isNumber }, width)
  return isAlike(layout) ? { ...layout, barWidth: 0 } : layout
}

/** Values that differ by less say nothing as bars. */
const leastSpread = 0.2

const isAlike = ({ barColumn, spread }: Layout): boolean => barColumn !== undefined && spread < leastSpread

const chartLayout = (result: Answer, width: number): Layout => {
  const table = tableLayout(result, width)
  const last = result.columns.findLastIndex((_, i) => table.isNumber(i))
  if (last < 1) return table
  const label = table.columns[0]
  const name = result.columns[last]?.name ?? ''
  const value = { title: name.toUpperCase(), width: Math.max(12, Math.min(24, widthOf(name))), align: 'right' as const }
  const columns = [{ title: label?.title ?? '', width: Math.min(28, label?.width ?? 12) }, value]
  return withBars(result, { columns, texts: [0, last], isNumber: table.isNumber }, width)
}

const withBars = (result: Answer, layout: Pick<Layout, 'columns' | 'texts' | 'isNumber'>, width: number): Layout => {
  const last = layout.texts[layout.texts.length - 1]
  const room = width - tableWidth(layout.columns) - 4
  const barColumn = last !== undefined && last > 0 && layout.isNumber(last) && room >= 8 ? last : undefined
  const values = barColumn === undefined ? [] : result.rows.map((row) => toNumber(row[barColumn]))
  const max = values.reduce((most, value) => Math.max(most, value), 0)
  const min = values.reduce((least, value) => Math.min(least, value), max)
  return { ...layout, barColumn, barWidth: Math.min(room, 60), max, spread: max > 0 ? (max - min) / max : 0 }
}

const barOf = (row: readonly Value[], layout: Layout): Line => {
  if (layout.barColumn === undefined || layout.barWidth === 0) return []
  const value = toNumber(row[layout.barColumn])
  return [gap(2), plainBar(layout.max > 0 ? value / layout.max : 0, layout.barWidth)]
}

const footOf = (result: Answer, { start, end }: VisiblePart, layout: Layout): Line => {
  const count = formatCount(result.rows.length)
  const range = `rows ${formatCount(start + 1)}-${formatCount(end)} of ${count}`
  const cut = result.truncated
    ? `; there are more, cut at ${result.full === true ? 'the size of an answer' : count}`
    : ''
  const name = result.columns[layout.barColumn ?? -1]?.name
  const alike =
    layout.barWidth === 0 && name !== undefined && result.rows.length > 1
      ? ` · ${clean(name)} differs by ${formatShare(layout.spread, 1)} at most`
      : ''
  return [muted(`${range}${cut}${alike}`)]
}
