import { formatBytes, formatCompact, formatCount } from '../../src/core/format.ts'
import { pointer } from '../components/glyphs.ts'
import { sparkline } from '../components/sparkline.ts'
import { bold, cell, emptyLine, ends, fitTo, gap, type Line, muted, span } from '../text/line.ts'

/** A table as the pane shows it. */
export interface TableEntry {
  readonly name: string
  readonly rows: number
  readonly bytes: number
  /** When it last changed: `now`, `0:31`; empty while nothing arrived. */
  readonly changed: string
  /** Rows a second between polls, oldest first; undefined for a missed poll. */
  readonly rates: readonly (number | undefined)[]
  /** Rows of another epoch; above 0 they are marked. */
  readonly strays: number
}

export interface TablesOptions {
  readonly width: number
  readonly height: number
  readonly selected: number
  readonly focused: boolean
}

/** Three rows a table: name and figures, rows a second since the screen opened, and air. */
export const tablesPane = (tables: readonly TableEntry[], options: TablesOptions): readonly Line[] => {
  const { width, height } = options
  const head = figures('TABLE', 'ROWS', 'SIZE', 'CHANGED', width)
  const airy = tables.length * 3 + 1 <= height
  const roomy = tables.length * 2 + 1 <= height
  const body = tables.flatMap((table, i) => {
    const mark = pointer(options.focused && i === options.selected)
    const name = i === options.selected ? bold(table.name, 'strong') : span(table.name)
    const row: Line = [
      mark,
      gap(1),
      ...fitTo(
        figures(name, span(formatCount(table.rows)), span(formatBytes(table.bytes)), muted(table.changed), width - 2),
        width - 2,
      ),
    ]
    const rows = roomy ? [row, rateLine(table, width)] : [row]
    return airy ? [emptyLine, ...rows] : rows
  })
  return [[gap(2), ...head], ...body]
}

const figures = (
  name: string | Line[number],
  rows: string | Line[number],
  size: string | Line[number],
  changed: string | Line[number],
  width: number,
): Line => {
  const as = (part: string | Line[number]) => (typeof part === 'string' ? muted(part) : part)
  const left = Math.max(14, width - 28)
  return [
    cell(as(name), Math.min(left, 15)),
    cell(as(rows), 9, 'right'),
    gap(1),
    cell(as(size), 8, 'right'),
    gap(2),
    cell(as(changed), 7),
  ]
}

const rateLine = (table: TableEntry, width: number): Line => {
  const max = table.rates.reduce<number>((most, rate) => Math.max(most, rate ?? 0), 0)
  const note =
    table.strays > 0
      ? `${formatCount(table.strays)} strays: reset`
      : max > 0
        ? `max ${formatCompact(max)} rows/s`
        : 'no new rows'
  const room = Math.max(8, Math.min(24, width - 22))
  const spark = table.rates.length === 0 ? muted('·'.repeat(room)) : sparkline(table.rates, { width: room, height: 7 })
  return ends(
    [gap(2), spark],
    [table.strays > 0 ? span(note, 'warn') : muted(table.rates.length === 0 ? 'no poll yet' : note)],
    width - 1,
  )
}
