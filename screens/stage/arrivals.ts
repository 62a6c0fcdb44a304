import { formatTimeOfDay } from '../../src/core/format.ts'
import type { TableName } from '../../src/core/tables.ts'
import { rowId } from '../../src/engine/rows.ts'
import { type TableColumn, tableRow, tableWidth, visiblePart } from '../components/table.ts'
import { ends, fitTo, gap, type Line, muted, type Role, type Span, selected, span } from '../text/line.ts'
import { numberOf, type Row, textOf } from '../text/values.ts'

export interface ArrivalsOptions {
  readonly table: TableName
  readonly width: number
  readonly height: number
  /** Which rows of the table these are: `version = private`. */
  readonly filter?: string | undefined
  /** The warehouse that they are in, where it is worth a word. */
  readonly inside?: string | undefined
  /** What to do so that rows arrive, while there are none. */
  readonly empty: string
  readonly focused: boolean
  readonly selectedId?: string | undefined
}

/** The newest rows of a table under its name. */
export const arrivalsPane = (rows: readonly Row[], options: ArrivalsOptions): readonly Line[] => {
  const { table, width, height, filter, inside } = options
  const head = ends(
    [span(table), ...(filter === undefined ? [] : [gap(2), muted(filter)])],
    [muted(inside === undefined ? 'newest first' : `${inside} · newest first`), gap(1)],
    width,
  )
  if (rows.length === 0) return [head, [], [muted(options.empty)]]
  const shape = shapeOf(table, width)
  const at = rows.findIndex((row) => rowId(table, row) === options.selectedId)
  const part = visiblePart(rows.length, at, height - 1)
  const lines = rows.slice(part.start, part.end).map((row, i) => {
    const line = tableRow(shape.columns, shape.cells(row))
    return options.focused && part.start + i === at ? selected(fitTo(line, width)) : line
  })
  return [head, ...lines]
}

interface Shape {
  readonly columns: readonly TableColumn[]
  readonly cells: (row: Row) => readonly Span[]
}

const fill = (columns: readonly TableColumn[], width: number): readonly TableColumn[] => {
  const last = columns[columns.length - 1]
  if (last === undefined) return columns
  const rest = width - tableWidth(columns.slice(0, -1)) - (last.before ?? 2)
  return [...columns.slice(0, -1), { ...last, width: Math.max(4, rest) }]
}

const shapeOf = (table: TableName, width: number): Shape => {
  if (table === 'raw_logs')
    return {
      columns: fill(
        [
          { title: '', width: 8 },
          { title: '', width: 8 },
          { title: '', width: 0 },
        ],
        width,
      ),
      cells: (row) => [
        muted(formatTimeOfDay(textOf(row, 'upload_time'))),
        muted(textOf(row, 'nodeName')),
        span(textOf(row, 'raw_line')),
      ],
    }
  if (table === 'log_results') {
    const address = width >= 66 ? 24 : 17
    const columns = [
      { title: '', width: 8 },
      { title: '', width: address },
      { title: '', width: Math.max(8, width - 8 - address - 3 - 6 - 1) },
      { title: '', width: 3 },
    ]
    return { columns, cells: resultCells }
  }
  if (table === 'log_aggregates')
    return {
      columns: fill(
        [
          { title: '', width: 5 },
          { title: '', width: 8 },
          { title: '', width: 8, align: 'right' },
          { title: '', width: 0 },
        ],
        width,
      ),
      cells: (row) => [
        muted(formatTimeOfDay(textOf(row, 'time_window')).slice(0, 5)),
        muted(textOf(row, 'nodeName')),
        span(textOf(row, 'total_count')),
        muted('requests'),
      ],
    }
  return {
    columns: fill(
      [
        { title: '', width: 8 },
        { title: '', width: 14 },
        { title: '', width: 0 },
      ],
      width,
    ),
    cells: (row) => [
      muted(formatTimeOfDay(textOf(row, 'timestamp'))),
      span(textOf(row, 'kind'), textOf(row, 'kind') === 'security alert' ? 'warn' : 'bad'),
      span(textOf(row, 'reason')),
    ],
  }
}

const resultCells = (row: Row): readonly Span[] => {
  const status = numberOf(row, 'status')
  return [
    muted(formatTimeOfDay(textOf(row, 'timestamp'))),
    span(textOf(row, 'ip')),
    muted(`${textOf(row, 'method')} ${textOf(row, 'path')}`.trim()),
    span(status === 0 ? '' : String(status), statusRole(status)),
  ]
}

/** The colour of an HTTP status; the number itself is the word beside it. */
const statusRole = (status: number): Role => (status >= 500 ? 'bad' : status >= 400 ? 'warn' : 'ok')
