import { isBad } from '../../src/core/job.ts'
import type { Stage } from '../../src/core/stage.ts'
import type { Problem } from '../../src/engine/problem.ts'
import { selectPane, selectView } from '../../src/engine/selectors/panes.ts'
import { refusalProblem } from '../../src/engine/selectors/refusals.ts'
import type { PaneId, StageRun, State } from '../../src/engine/state.ts'
import { headline } from '../components/headline.ts'
import { beside, dividers, type Pane, ruleOver } from '../components/panes.ts'
import { problemLines } from '../components/problem-lines.ts'
import { readProblem, sourceOptions } from '../components/source-line.ts'
import { panesFor, type Screen, type ScreenContext } from '../context.ts'
import { exactly, inset, type Line, span } from '../text/line.ts'
import { addressLines } from './addresses.ts'
import { exampleLines } from './example.ts'
import { nodeDots } from './node-dots.ts'
import { notesPane } from './notes-pane.ts'
import { stagePane } from './pane.ts'
import { activityOf, failuresOf, newOnly, nodeRows, stripFigures, tablesOf } from './select.ts'
import { strip } from './strip.ts'

/** One screen for every stage: what it does, what the nodes do, what arrives, and the strip. */
export const stageScreen: Screen = (state, context) => {
  const stage = state.stages.find(({ id }) => id === state.current)
  const run = stage === undefined ? undefined : state.runs[stage.id]
  if (stage === undefined || run === undefined) return []
  const { columns, height } = context
  const head = headLines(state, stage, run, context)
  const foot = footLines(state, stage, run, context)
  const shown = shownPanes(state, stage, columns)
  const notes = shown.length === 2 && panesFor(columns) === 3
  const room = height - head.length - foot.length
  const widths = notes ? [...paneWidths(shown, columns - 56), 55] : paneWidths(shown, columns)
  const at = dividers(widths)
  const bare = shown.length === 1
  const body = room - (bare ? 1 : 2)
  const panes = shown.map((id, i): Pane => {
    const width = widths[i] ?? columns
    const rows = stagePane({
      state,
      stage,
      run,
      id,
      width: id === 'nodes' ? width - 1 : width - 2,
      height: body,
      context,
    })
    return { width, rows: id === 'nodes' ? rows : rows.map((row) => inset(row, width)) }
  })
  if (notes) panes.push({ width: 55, rows: notesPane(stage, run, 53).map((row) => inset(row, 55)) })
  const top = bare ? [] : [ruleOver(columns, at)]
  return [...head, ...top, ...beside(panes, body), ruleOver(columns, [], bare ? [] : at), ...foot]
}

/** Rows of the body from which on a stage shows an example, or what is wrong in its place. */
export const roomyStage = 15

const headLines = (state: State, stage: Stage, run: StageRun, context: ScreenContext): readonly Line[] => {
  const { columns, height } = context
  const title = headline({
    width: columns,
    title: stage.summary,
    why: stage.why,
    ...sourceOptions(state),
    activity: activityOf(run, state.clock.now),
    busyMs:
      run.phase === 'launching' || run.phase === 'running'
        ? state.clock.now - (run.requestedAt ?? state.clock.now)
        : undefined,
  })
  if (height < roomyStage) return title
  const again = newOnly(run, state.clock.now)
  const top = again === undefined ? title : [...title.slice(0, 2), inset([span(again, 'accent')], columns)]
  const alone = panesFor(columns) === 1 && selectPane(state) !== 'nodes' && tablesOf(stage).length > 1
  const problem = run.problem ?? readProblem(state)
  if (alone && problem === undefined) return exactly(top, 3)
  const middle = exactly(middleLines(state, stage, run, context), middleHeight(state, stage, columns))
  if (problem === undefined) return [...exactly(top, 3), ...middle]
  // in place of the reason why and the example, so that no row moves
  if (alone) return [...top.slice(0, 1), ...exactly(problemRows(problem, columns, 2), 2)]
  const told = hasDots(state, stage, columns) ? 4 : 5
  return [...top.slice(0, 1), ...exactly(problemRows(problem, columns, told), told), ...middle.slice(told - 2)]
}

const middleLines = (state: State, stage: Stage, run: StageRun, context: ScreenContext): readonly Line[] => {
  const { columns, example } = context
  const failures = failuresOf(run) ?? refusalProblem(run)
  const role = run.nodes.some(({ state }) => isBad(state)) ? 'bad' : 'warn'
  const dots = hasDots(state, stage, columns)
  const lines =
    failures === undefined
      ? exampleLines(example === undefined ? undefined : stage.beforeAfter(example), columns)
      : problemRows(failures, columns, dots ? 2 : 3, role)
  if (!dots) return lines
  return [...exactly(lines, 2), inset(nodeDots(nodeRows(state, run, { sorted: false }), columns - 2), columns)]
}

const problemRows = (problem: Problem, columns: number, height: number, role?: 'bad' | 'warn'): readonly Line[] =>
  problemLines(problem, columns - 2, height, role).map((row) => inset(row, columns))

/** Whether the nodes have a row of dots because no pane shows them. */
const hasDots = (state: State, stage: Stage, columns: number): boolean =>
  tablesOf(stage).length > 1 && !shownPanes(state, stage, columns).includes('nodes')

const middleHeight = (state: State, stage: Stage, columns: number): number => (hasDots(state, stage, columns) ? 4 : 3)

const footLines = (state: State, stage: Stage, run: StageRun, context: ScreenContext): readonly Line[] => {
  const { columns, height } = context
  const rows = strip(stripFigures(state, stage, run), columns)
  return height >= 28 ? [...addressLines(state, stage, columns), ...rows] : rows
}

/** The panes on the screen: as many as fit, the focused one among them. */
const shownPanes = (state: State, stage: Stage, columns: number): readonly PaneId[] => {
  const all: readonly PaneId[] = ['nodes', ...tablesOf(stage)]
  const { pane } = selectView(state)
  const fits = panesFor(columns)
  if (fits === 1) return [selectPane(state)]
  if (all.length <= fits) return all
  return pane === 'nodes' ? all.slice(0, fits) : all.slice(-fits)
}

const paneWidths = (shown: readonly PaneId[], columns: number): readonly number[] => {
  if (shown.length === 1) return [columns]
  const room = columns - (shown.length - 1)
  if (shown.length === 2) {
    const left = shown[0] === 'log_aggregates' ? Math.floor(room * 0.555) : Math.max(58, Math.floor(room * 0.46))
    return [left, room - left]
  }
  const left = 62
  const middle = Math.floor((room - left) / 2)
  return [left, middle, room - left - middle]
}
