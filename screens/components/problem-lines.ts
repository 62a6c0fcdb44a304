import type { Problem } from '../../src/engine/problem.ts'
import { clean } from '../text/clean.ts'
import { bold, fitTo, type Line, lineWidth, muted, span, wrapText } from '../text/line.ts'

/** What happened, why, and what to do next, in at most `height` rows; of further steps only those that fit whole. */
export const problemLines = (
  problem: Problem,
  width: number,
  height: number,
  role: 'bad' | 'warn' = 'bad',
): readonly Line[] => {
  const what = wrapText(clean(problem.what), width).map((row): Line => [bold(row, role)])
  const why = problem.why === undefined ? [] : wrapText(clean(problem.why), width).map((row): Line => [muted(row)])
  const steps = problem.next.map((step) =>
    wrapText(clean(step), width - 2).map((row, i): Line => [span(i === 0 ? '❯ ' : '  ', 'accent'), span(row)]),
  )
  const room = Math.max(0, height - Math.min(steps.length, 1))
  const all = [...what, ...why]
  const told = all.slice(0, room).map((row, i) => (i === room - 1 && all.length > room ? cutAfter(row, width) : row))
  const [first = [], ...others] = steps
  const lines = [...told, ...first].slice(0, height)
  // half of a command is worse than none
  for (const step of others) {
    if (lines.length + step.length > height) break
    lines.push(...step)
  }
  return lines
}

/** The row with a mark that more was to be said. */
const cutAfter = (row: Line, width: number): Line => {
  const room = width - 2
  return [...(lineWidth(row) > room ? fitTo(row, room) : row), muted(' …')]
}
