import { formatAgo } from '../../src/core/format.ts'
import { sanitize } from '../../src/core/sanitize.ts'
import { holdingText } from '../../src/engine/holding-text.ts'
import { selectIndex } from '../../src/engine/selectors/panes.ts'
import type { Choice, State } from '../../src/engine/state.ts'
import { pointer } from '../components/glyphs.ts'
import { problemLines } from '../components/problem-lines.ts'
import type { Screen } from '../context.ts'
import { bold, emptyLine, exactly, fitTo, gap, type Line, muted, selected, span } from '../text/line.ts'
import { promise, welcomeMargin, welcomeTop } from './promise.ts'

/** The first screen: what the demo promises, and the ways into it. */
export const choicesScreen: Screen = (state, { columns, height }) => {
  const { choices, problem } = state.setup
  const margin = welcomeMargin(columns)
  const at = selectIndex(state, 'choices')
  const top = welcomeTop(height)
  const text = top + promise(columns).length + choices.reduce((sum, { lines }) => sum + 1 + lines.length, 0)
  const air = text + 2 * choices.length <= height ? [emptyLine, emptyLine] : [emptyLine]
  const entries = choices.flatMap((choice, i) => [
    ...air,
    ...choiceLines(state, choice, { on: i === at, margin, width: columns }),
  ])
  const told =
    problem === undefined
      ? []
      : [emptyLine, ...problemLines(problem, columns - 2 * margin, 4).map((row): Line => [gap(margin), ...row])]
  return exactly([...Array.from({ length: top }, () => emptyLine), ...promise(columns), ...entries, ...told], height)
}

const choiceLines = (
  state: State,
  choice: Choice,
  { on, margin, width }: { readonly on: boolean; readonly margin: number; readonly width: number },
): readonly Line[] => {
  const room = Math.min(65, width - 2 * margin - 2)
  const title = on ? selected(fitTo([gap(1), bold(choice.title, 'strong')], room)) : fitTo([span(choice.title)], room)
  const lines = choice.id === 'resume' ? resumeLines(state, choice) : choice.lines
  return [
    [gap(margin), pointer(on), gap(1), ...title],
    ...lines.map((line): Line => [gap(margin + 2), muted(sanitize(line))]),
  ]
}

const resumeLines = (state: State, choice: Choice): readonly string[] => {
  const { before } = state.setup
  if (before === undefined) return choice.lines
  const { holding, counted, connected } = before
  if (holding.kind === 'own' && !connected) {
    const text = holdingText(holding, { counted, now: state.clock.now })
    return [`${before.stateDir} · ${text}`]
  }
  const stopped = before.stoppedAfter === undefined ? [] : [`stopped after ${before.stoppedAfter}`]
  return [[before.stateDir, formatAgo(state.clock.now - before.at), ...stopped].join(' · ')]
}
