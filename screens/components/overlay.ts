import { exactly, fitTo, gap, inset, type Line, lineWidth } from '../text/line.ts'
import { rule } from './glyphs.ts'

/** A page laid over the body of a screen: the rows above it stay, so that one sees where one is. */
export const overlay = (
  body: readonly Line[],
  page: readonly Line[],
  width: number,
  height: number,
): readonly Line[] => {
  const size = Math.min(page.length + 2, height)
  const content = exactly(page, size - 2).map((row) => inset(row, width, 2))
  const box = [rule(width), ...content, rule(width)]
  const start = height - size
  return [...exactly(body, start), ...box]
}

/** Lines centred as one block in a space. */
export const centred = (lines: readonly Line[], width: number, height: number): readonly Line[] => {
  const widest = Math.min(
    width,
    lines.reduce((most, line) => Math.max(most, lineWidth(line)), 0),
  )
  const left = Math.floor((width - widest) / 2)
  const top = Math.max(0, Math.floor((height - lines.length) / 2))
  const blank = Array.from({ length: top }, (): Line => [])
  return exactly([...blank, ...lines.map((line) => [gap(left), ...fitTo(line, widest)])], height)
}
