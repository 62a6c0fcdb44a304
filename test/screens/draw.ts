import { exampleLine } from '../../screens/example-line.ts'
import { type FrameOptions, frameLines } from '../../screens/frame-lines.ts'
import { type Line, lineWidth } from '../../screens/text/line.ts'
import { bindings } from '../../src/engine/bindings.ts'
import type { State } from '../../src/engine/state.ts'

export const sizes = [
  [80, 24],
  [120, 40],
] as const

/** The rows of a screen. */
export const draw = (
  state: State,
  columns: number,
  rows: number,
  options: Partial<FrameOptions> = {},
): readonly Line[] =>
  frameLines(state, { columns, rows, bindings, coloured: true, example: exampleLine(state), ...options })

/** The rows of a screen as plain text. */
export const textOf = (lines: readonly Line[]): string =>
  lines
    .map((line) =>
      line
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    )
    .join('\n')

/** What a person reads on a screen of that size. */
export const read = (state: State, columns: number, rows: number): string => textOf(draw(state, columns, rows))

/** Rows that are not exactly as wide as the screen, and how many rows too many or too few there are. */
export const misfits = (state: State, columns: number, rows: number): readonly string[] => {
  const lines = draw(state, columns, rows)
  const wrong = lines.flatMap((line, y) =>
    lineWidth(line) === columns ? [] : [`row ${y} has ${lineWidth(line)} cells`],
  )
  return lines.length === rows ? wrong : [...wrong, `${lines.length} rows`]
}
