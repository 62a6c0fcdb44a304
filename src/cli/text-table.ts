import { sanitize } from '../core/sanitize.ts'
import { widthOf } from '../core/width.ts'

export interface TextColumn {
  readonly title: string
  /** Numbers stand at the right. */
  readonly right?: boolean
}

/** Rows under their titles, each column as wide as its widest cell. */
export const textTable = (columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string => {
  const cells = [columns.map((column) => sanitize(column.title)), ...rows.map((row) => row.map(sanitize))]
  const widths = columns.map((_, i) => cells.reduce((most, row) => Math.max(most, widthOf(row[i] ?? '')), 0))
  const line = (row: readonly string[]): string =>
    columns
      .map((column, i) => {
        const text = row[i] ?? ''
        const room = ' '.repeat((widths[i] ?? 0) - widthOf(text))
        return column.right === true ? room + text : text + room
      })
      .join('  ')
      .trimEnd()
  return `${cells.map(line).join('\n')}\n`
}
