import { cell, fitTo, gap, type Line, muted, type Span, span } from '../text/line.ts'

/** A column of a fixed width, so that nothing moves when data change. */
export interface TableColumn {
  readonly title: string
  readonly width: number
  readonly align?: 'left' | 'right'
  /** Cells between this column and the one before; 2 unless told. */
  readonly before?: number
}

const before = (column: TableColumn, index: number): number => (index === 0 ? 0 : (column.before ?? 2))

/** The titles of the columns. */
export const tableHead = (columns: readonly TableColumn[]): Line =>
  tableRow(
    columns,
    columns.map((c) => muted(c.title)),
  )

/** What stands in a cell: one text, or several that share it. */
export type Cell = Span | Line | undefined

const isLine = (content: Span | Line): content is Line => Array.isArray(content)

/** One row; cells that are missing stay empty, cells that are too long are cut. */
export const tableRow = (columns: readonly TableColumn[], cells: readonly Cell[]): Line =>
  columns.flatMap((column, i) => {
    const content = cells[i] ?? span('')
    const filled = isLine(content) ? fitTo(content, column.width) : [cell(content, column.width, column.align)]
    const space = before(column, i)
    return space > 0 ? [gap(space), ...filled] : filled
  })

/** Cells that the columns take together. */
export const tableWidth = (columns: readonly TableColumn[]): number =>
  columns.reduce((sum, column, i) => sum + column.width + before(column, i), 0)

export interface VisiblePart {
  readonly start: number
  readonly end: number
}

/** The part of a list of `count` entries to show in `height` rows so that the selected one is visible, and as near the middle as the ends allow. */
export const visiblePart = (count: number, selectedIndex: number, height: number): VisiblePart => {
  const size = Math.max(0, Math.min(count, height))
  const wanted = Math.min(Math.max(0, selectedIndex), Math.max(0, count - 1)) - Math.floor(size / 2)
  const start = Math.max(0, Math.min(wanted, count - size))
  return { start, end: start + size }
}
