import type { Binding } from '../src/engine/keymap.ts'
import { selectPane, selectSelected, selectStep } from '../src/engine/selectors/panes.ts'
import type { Message, State } from '../src/engine/state.ts'
import { footer } from './components/footer.ts'
import { rule } from './components/glyphs.ts'
import { centred, overlay } from './components/overlay.ts'
import { rail } from './components/rail.ts'
import { readProblemLine } from './components/source-line.ts'
import { isTooSmall, tooSmall } from './components/too-small.ts'
import { footerHints } from './keys.ts'
import { overlayPage } from './overlays/page.ts'
import { tellsProblem } from './query/answer-pane.ts'
import { screens } from './screens.ts'
import { roomyStage } from './stage/screen.ts'
import { clean } from './text/clean.ts'
import { emptyLine, exactly, fitTo, inset, type Line, type Role, span } from './text/line.ts'

export interface FrameOptions {
  readonly columns: number
  readonly rows: number
  readonly bindings: readonly Binding[]
  readonly coloured: boolean
  readonly example?: string | undefined
  readonly cursor?: number | undefined
}

const chrome = 5

/** The whole screen as exactly `rows` rows of exactly `columns` cells: rail, body, message, footer. */
export const frameLines = (state: State, options: FrameOptions): readonly Line[] => {
  const { columns, rows } = options
  const lines = isTooSmall(columns, rows)
    ? centred(tooSmall(columns, rows), columns, rows)
    : [...railLines(state, columns), ...bodyLines(state, options), ...footLines(state, options)]
  return exactly(lines, rows).map((line) => fitTo(line, columns))
}

const railLines = (state: State, columns: number): readonly Line[] => {
  const current = state.steps.findIndex(({ id }) => id === state.current)
  return rail(
    state.steps.map(({ title, digit }) => (digit === undefined ? { title } : { title: clean(title), digit })),
    Math.max(0, current),
    columns,
  )
}

const bodyLines = (state: State, options: FrameOptions): readonly Line[] => {
  const { columns, rows, coloured, example, cursor, bindings } = options
  const height = rows - chrome
  const screen = screens[selectStep(state).kind]
  const body = exactly(screen(state, { columns, height, coloured, example, cursor }), height)
  if (state.overlay === undefined) return body
  const page = overlayPage(state.overlay, state, { bindings, width: columns - 4, height: height - 4 })
  return exactly(overlay(body, page, columns, height), height)
}

const tones: Readonly<Record<Message['tone'], Role>> = { info: 'plain', warn: 'warn', bad: 'bad' }

/** Whether the screen itself tells what it cannot read. */
const isTold = (state: State, rows: number): boolean => {
  const { kind } = selectStep(state)
  return kind === 'stage' ? rows - chrome >= roomyStage : kind === 'query' && tellsProblem(state)
}

/** Whether the message says what the answer pane tells in full. */
const isAnswer = (state: State): boolean => {
  const { message, query } = state
  if (selectStep(state).kind !== 'query' || selectPane(state) === 'tables') return false
  if (query.problem?.queryId !== selectSelected(state, 'questions')) return false
  return query.problem !== undefined && message?.text.startsWith(query.problem.problem.what) === true
}

const footLines = (state: State, { bindings, columns, rows }: FrameOptions): readonly Line[] => {
  const { message } = state
  const { hints, always } = footerHints(bindings, state)
  const problem = isTold(state, rows) ? undefined : readProblemLine(state)
  const told = message === undefined || isAnswer(state) ? problem : [span(clean(message.text), tones[message.tone])]
  return [told === undefined ? emptyLine : inset(told, columns), rule(columns), footer(hints, always, columns)]
}
