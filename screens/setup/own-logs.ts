import { formatElapsed } from '../../src/core/format.ts'
import { graphemes, widthOf } from '../../src/core/width.ts'
import type { State } from '../../src/engine/state.ts'
import { spinner } from '../components/glyphs.ts'
import { problemLines } from '../components/problem-lines.ts'
import { textField } from '../components/text-field.ts'
import type { Screen } from '../context.ts'
import { clean } from '../text/clean.ts'
import { bold, emptyLine, exactly, gap, inset, type Line, muted, span, strong, wrapText } from '../text/line.ts'

const help =
  'A file, a folder, or a pattern such as /var/log/nginx/access.log*. Several are separated by blanks; NAME=PATTERN makes a node of each NAME, so that web servers stand side by side.'
const fieldWidth = 90

/** The field in which logs of one's own are named, and what it may go on with. */
export const ownLogsScreen: Screen = (state, { columns, height, cursor }) => {
  const { own } = state.setup
  const width = Math.min(columns - 8, fieldWidth)
  const length = graphemes(own.text).length
  const head: readonly Line[] = [inset([strong('Your own logs')], columns), emptyLine]
  const form: readonly Line[] = [
    [bold('Which access logs?', 'strong')],
    ...exactly(
      wrapText(help, width).map((row): Line => [muted(row)]),
      3,
    ),
    emptyLine,
    [...textField({ text: clean(own.text), cursor: Math.min(cursor ?? length, length) }, width)],
    emptyLine,
  ]
  const room = Math.max(0, height - head.length - form.length)
  return [...head, ...[...form, ...belowField(state, width, room)].map((row): Line => [gap(4), ...row])]
}

const belowField = (state: State, width: number, height: number): readonly Line[] => {
  const { candidates, lookingSince, problem } = state.setup.own
  if (problem !== undefined) return problemLines(problem, width, height)
  if (lookingSince !== undefined) {
    const elapsed = state.clock.now - lookingSince
    return [[spinner(elapsed), span(' looking at the files  '), muted(formatElapsed(elapsed))]]
  }
  return candidates.length > 0
    ? candidateLines(candidates, width, height)
    : [[muted('The path stays on this machine.')]]
}

/** Names in columns of one width, down first, as a shell lists them. */
const candidateLines = (candidates: readonly string[], width: number, height: number): readonly Line[] => {
  const names = candidates.map(clean)
  const cell = Math.min(width, Math.max(...names.map(widthOf)) + 2)
  const across = Math.max(1, Math.floor(width / cell))
  const rows = Math.min(Math.ceil(names.length / across), Math.max(1, height - 1))
  const shown = Math.min(names.length, rows * across)
  const lines = Array.from(
    { length: rows },
    (_, row): Line =>
      Array.from({ length: across }, (_, column) => names[column * rows + row] ?? '').flatMap((name) => [
        span(name, name.endsWith('/') ? 'accent' : 'plain'),
        gap(cell - widthOf(name)),
      ]),
  )
  return shown < names.length ? [...lines, [muted(`${names.length - shown} more: type on, then Tab`)]] : lines
}
