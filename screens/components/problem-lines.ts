import type { Problem } from '../../src/engine/problem.ts'
import { clean } from '../text/clean.ts'
import { bold, type Line, muted, span, wrapText } from '../text/line.ts'

/** What happened, why, and what to do next, in at most `height` rows. */
export const problemLines = (problem: Problem, width: number, height: number): readonly Line[] => {
  const what = wrapText(clean(problem.what), width).map((row): Line => [bold(row, 'bad')])
  const why = problem.why === undefined ? [] : wrapText(clean(problem.why), width).map((row): Line => [muted(row)])
  const next = problem.next.flatMap((step) =>
    wrapText(clean(step), width - 2).map((row, i): Line => [span(i === 0 ? '❯ ' : '  ', 'accent'), span(row)]),
  )
  const room = Math.max(0, height - Math.min(next.length, 1))
  const told = [...what, ...why].slice(0, room)
  return [...told, ...next].slice(0, height)
}
