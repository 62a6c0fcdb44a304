import { exactly, fitTo, type Line, type Span } from '../text/line.ts'

const line = (text: string): Span => ({ text, role: 'rule' })

/** A pane of a screen: rows of content and the cells it may use. */
export interface Pane {
  readonly width: number
  readonly rows: readonly Line[]
}

/** Panes side by side, parted by one thin line that meets the lines of the panes; all `height` rows high. */
export const beside = (panes: readonly Pane[], height: number): readonly Line[] => {
  const padded = panes.map((pane) => exactly(pane.rows, height).map((row) => fitTo(row, pane.width)))
  return Array.from({ length: height }, (_, y) => {
    const rows = padded.map((pane) => pane[y] ?? [])
    return rows.flatMap((row, i) => (i === 0 ? row : [line(junction(rows[i - 1] ?? [], row)), ...row]))
  })
}

const junction = (left: Line, right: Line): string => {
  const fromLeft = isRule(left.findLast((part) => part.text !== ''))
  const fromRight = isRule(right.find((part) => part.text !== ''))
  return fromLeft && fromRight ? '┼' : fromLeft ? '┤' : fromRight ? '├' : '│'
}

const isRule = (part: Span | undefined): boolean => part?.role === 'rule' && part.text.startsWith('──────')

/** A thin line that meets the dividers of the panes below (`┬`), above (`┴`), or both (`┼`). */
export const ruleOver = (width: number, below: readonly number[] = [], above: readonly number[] = []): Line => [
  line(
    Array.from({ length: width }, (_, x) => {
      const down = below.includes(x)
      const up = above.includes(x)
      return down && up ? '┼' : down ? '┬' : up ? '┴' : '─'
    }).join(''),
  ),
]

/** Where the dividers of panes of these widths stand. */
export const dividers = (widths: readonly number[]): readonly number[] => {
  const found: number[] = []
  let x = 0
  for (const width of widths.slice(0, -1)) {
    x += width
    found.push(x)
    x += 1
  }
  return found
}
