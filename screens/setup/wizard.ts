import { sanitize } from '../../src/core/sanitize.ts'
import { graphemes } from '../../src/core/width.ts'
import type { QuestionView, State } from '../../src/engine/state.ts'
import { isAsked } from '../../src/engine/wizard.ts'
import { glyph } from '../components/glyphs.ts'
import { visiblePart } from '../components/table.ts'
import { textField } from '../components/text-field.ts'
import type { Screen } from '../context.ts'
import {
  bold,
  cell,
  emptyLine,
  ends,
  exactly,
  gap,
  inset,
  type Line,
  muted,
  span,
  strong,
  wrapText,
} from '../text/line.ts'

/** The config's questions one after the other, with what has been answered. */
export const wizardScreen: Screen = (state, { columns, height, cursor }) => {
  const { answers } = state.setup
  const question = state.setup.questions[state.setup.at]
  const questions = state.setup.questions.filter(({ key }) => isAsked(key, answers))
  const at = Math.max(
    0,
    questions.findIndex(({ key }) => key === question?.key),
  )
  const back = at > 0 && state.setup.draft === '' ? 'Backspace: one question back  ' : ''
  const count = `${back}question ${at + 1} of ${questions.length}`
  const head = [
    inset(ends([strong('Connect a cluster and BigQuery')], [muted(count)], columns - 2), columns),
    emptyLine,
  ]
  if (question === undefined) return [...head, inset([muted('There is nothing to ask. Esc goes back.')], columns, 2)]
  const form = formLines(state, question, Math.min(columns - 8, 72), cursor)
  const room = Math.max(0, height - head.length - form.length - 1)
  const part = visiblePart(questions.length, at, room)
  const list = questions
    .slice(part.start, part.end)
    .map((one, i) => answerLine(state, one, part.start + i - at, columns - 4))
  return [
    ...head,
    ...form.map((row): Line => [gap(4), ...row]),
    emptyLine,
    ...exactly(list, room).map((row) => inset(row, columns, 2)),
  ]
}

const formLines = (
  state: State,
  question: QuestionView,
  width: number,
  cursor: number | undefined,
): readonly Line[] => {
  const { draft, misfit } = state.setup
  const length = graphemes(draft).length
  const choices = question.choices === undefined ? '' : `${question.choices.join(' or ')}. `
  const fallback = question.default === '' ? 'no default' : `empty means ${question.default}`
  const help = exactly(
    wrapText(`${choices}${question.help}`, width).map((row): Line => [muted(row)]),
    2,
  )
  return [
    [bold(question.question, 'strong')],
    ...help,
    emptyLine,
    [...textField({ text: sanitize(draft), cursor: Math.min(cursor ?? length, length) }, width)],
    misfit === undefined
      ? [muted(`${fallback} · the same as ${question.flag}`)]
      : [glyph('bad'), gap(1), span(sanitize(misfit), 'bad')],
  ]
}

/** One question of the list; `ahead` counts from the one that is asked. */
const answerLine = (state: State, question: QuestionView, ahead: number, width: number): Line => {
  const { answers } = state.setup
  const answer = answers[question.key]
  const mark = ahead === 0 ? glyph('busy') : ahead < 0 || answer !== undefined ? glyph('ok') : glyph('open')
  const text =
    answer === undefined
      ? ahead === 0
        ? 'asked now'
        : 'not asked yet'
      : answer === ''
        ? question.default || 'none'
        : answer
  const name = cell(ahead === 0 ? span(question.key) : muted(question.key), 28)
  return ends([mark, gap(1), name, answer === undefined ? muted(text) : span(sanitize(text))], [], width)
}
