import { formatCount, formatTimeOfDay } from '../../src/core/format.ts'
import { visiblePart } from '../components/table.ts'
import { bold, emptyLine, ends, fitTo, gap, type Line, muted, type Role, selected, span } from '../text/line.ts'

/** An emergency as it arrived. */
export interface EmergencyRow {
  readonly id: string
  /** ISO 8601 in UTC. */
  readonly at: string
  readonly kind: string
  readonly node: string
  /** The line or the rule that raised it, in words. */
  readonly text: string
}

export interface EmergenciesOptions {
  readonly width: number
  readonly height: number
  /** Emergencies in the table, of which the rows are the newest. */
  readonly total: number
  /** What to do so that emergencies arrive, while there are none. */
  readonly empty: string
  readonly focused: boolean
  readonly selectedId?: string | undefined
}

const roleOf = (kind: string): Role => (kind === 'security alert' ? 'warn' : 'bad')

/** The newest emergencies, two rows each: when and what, where, and the line or rule that raised it. */
export const emergenciesPane = (rows: readonly EmergencyRow[], options: EmergenciesOptions): readonly Line[] => {
  const { width, height, total } = options
  const kinds = new Set(rows.map((row) => row.kind)).size
  const head = ends(
    [
      span('emergency_logs'),
      gap(3),
      bold(formatCount(total), total > 0 ? 'bad' : 'plain'),
      muted(kinds > 0 ? ` of ${kinds} ${kinds === 1 ? 'kind' : 'kinds'}` : ''),
    ],
    [muted('newest first'), gap(1)],
    width,
  )
  if (rows.length === 0) return [head, emptyLine, [muted(options.empty)]]
  const at = rows.findIndex((row) => row.id === options.selectedId)
  const part = visiblePart(rows.length, at, Math.floor((height - 2) / 2))
  const pairs = rows.slice(part.start, part.end).flatMap((row) => {
    const lines = pair(row, width)
    return options.focused && row.id === options.selectedId ? lines.map(selected) : lines
  })
  return [head, emptyLine, ...pairs]
}

const pair = (row: EmergencyRow, width: number): readonly Line[] => {
  const role = roleOf(row.kind)
  return [
    fitTo(
      [muted(formatTimeOfDay(row.at)), gap(1), span('▌', role), gap(1), bold(row.kind, role), gap(2), muted(row.node)],
      width,
    ),
    fitTo([gap(9), span('▌', role), gap(1), span(row.text)], width),
  ]
}
