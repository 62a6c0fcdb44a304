import { formatCount } from '../../src/core/format.ts'
import { cell, gap, type Line, muted, type Role, selected, span } from '../text/line.ts'
import { plainBar } from './bar.ts'
import { visiblePart } from './table.ts'

export interface Bar {
  readonly label: string
  /** A second, muted column. */
  readonly detail?: string
  readonly value: number
  readonly role?: Role
}

export interface BarsOptions {
  readonly width: number
  readonly height: number
  readonly labelWidth: number
  readonly detailWidth?: number
  /** Index of the bar that is marked and kept in sight. */
  readonly selected?: number
}

/** Labelled values as lines that start at the same place; the largest is the full length. */
export const bars = (values: readonly Bar[], options: BarsOptions): readonly Line[] => {
  const { width, height, labelWidth, detailWidth = 0 } = options
  const max = values.reduce((most, value) => Math.max(most, value.value), 0)
  const room = Math.max(4, width - labelWidth - (detailWidth > 0 ? detailWidth + 1 : 0) - 11)
  const part = visiblePart(values.length, options.selected ?? 0, values.length <= height ? height : height - 1)
  const shown = values.slice(part.start, part.end)
  const rows = shown.map((one, i): Line => {
    const line: Line = [
      cell(span(one.label, one.role ?? 'plain'), labelWidth),
      ...(detailWidth > 0 ? [gap(1), cell(muted(one.detail ?? ''), detailWidth)] : []),
      cell(span(formatCount(one.value)), 9, 'right'),
      gap(2),
      plainBar(max > 0 ? one.value / max : 0, room, one.role ?? 'accent'),
    ]
    return part.start + i === options.selected ? selected(line) : line
  })
  return shown.length === values.length ? rows : [...rows, [muted(`${formatCount(values.length - shown.length)} more`)]]
}
