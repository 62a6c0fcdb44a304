import { formatCount, formatTimeOfDay } from '../../src/core/format.ts'
import { bold, emptyLine, ends, fitTo, gap, type Line, muted, type Role, span } from '../text/line.ts'

/** An emergency as it arrived. */
export interface EmergencyRow {
  readonly id: string
  /** ISO 8601 in UTC. */
  readonly at: string
  readonly kind: string
  readonly node: string
  readonly reason: string
  readonly message: string
}

export interface EmergenciesOptions {
  readonly width: number
  readonly height: number
  /** Emergencies in the table, of which the rows are the newest. */
  readonly total: number
}

const roleOf = (kind: string): Role => (kind === 'security alert' ? 'warn' : 'bad')

/** The newest emergencies, two rows each: when and what, where, and the line or rule that raised it. */
export const emergenciesPane = (rows: readonly EmergencyRow[], options: EmergenciesOptions): readonly Line[] => {
  const { width, height, total } = options
  const windows = new Set(rows.map((row) => row.kind)).size
  const head = ends(
    [
      span('emergency_logs'),
      gap(3),
      bold(formatCount(total), total > 0 ? 'bad' : 'plain'),
      muted(windows > 0 ? ` of ${windows} ${windows === 1 ? 'kind' : 'kinds'}` : ''),
    ],
    [muted('newest first'), gap(1)],
    width,
  )
  const shown = rows.slice(0, Math.max(0, Math.floor((height - 2) / 2)))
  return [head, emptyLine, ...shown.flatMap((row) => pair(row, width))]
}

const pair = (row: EmergencyRow, width: number): readonly Line[] => {
  const role = roleOf(row.kind)
  return [
    fitTo(
      [muted(formatTimeOfDay(row.at)), gap(1), span('▌', role), gap(1), bold(row.kind, role), gap(2), muted(row.node)],
      width,
    ),
    fitTo([gap(9), span('▌', role), gap(1), span(row.reason === '' ? row.message : row.reason)], width),
  ]
}
