import { type TableName, tableNames } from '../../core/tables.ts'
import { rowId } from '../rows.ts'
import type { PaneId, State, Step, View } from '../state.ts'
import { selectAnswerRows } from './answer.ts'
import { selectNodes, selectRunNodes } from './nodes.ts'
import { selectFailingEndpoints } from './summary.ts'
import { selectWindows } from './windows.ts'

/** The step on the screen. */
export const selectStep = (state: State): Step => {
  const step = state.steps.find(({ id }) => id === state.current) ?? state.steps[0]
  if (step === undefined) throw new Error('a walk without steps')
  return step
}

const emptyView: View = { selected: {}, sort: 0, plain: false }

/** What a person did to the screen that is shown. */
export const selectView = (state: State): View => state.views[state.current] ?? emptyView

const setupPanes = {
  choosing: 'choices',
  asking: 'answers',
  naming: 'answers',
  found: 'own',
  checking: 'checks',
  open: 'checks',
} as const satisfies Record<State['setup']['mode'], PaneId>

/** The panes of the screen that is shown, in the order of Tab. */
export const selectPanes = (state: State): readonly PaneId[] => {
  const step = selectStep(state)
  switch (step.kind) {
    case 'setup':
      return [setupPanes[state.setup.mode]]
    case 'nodes':
      return ['nodes']
    case 'stage':
      return ['nodes', ...tablesOf(state, step.id)]
    case 'query':
      return ['tables', 'questions', 'result']
    case 'summary':
      return ['stages', 'endpoints']
  }
}

/** Tables that a stage writes. */
export const tablesOf = (state: State, stageId: string): readonly TableName[] => [
  ...new Set(state.stages.find(({ id }) => id === stageId)?.outputs.map(({ table }) => table) ?? []),
]

/** The pane that has the focus. */
export const selectPane = (state: State): PaneId => {
  const panes = selectPanes(state)
  const wanted = selectView(state).pane
  const usual: PaneId = selectStep(state).kind === 'query' ? 'questions' : (panes[0] ?? 'nodes')
  return wanted !== undefined && panes.includes(wanted) ? wanted : usual
}

/** Ids of the rows of a pane of the screen that is shown, in their order. */
export const selectPaneItems = (state: State, pane: PaneId): readonly string[] => {
  switch (pane) {
    case 'choices':
      return state.setup.choices.map(({ id }) => id)
    case 'answers':
      return []
    case 'own':
      return state.setup.own.found?.nodes.map(({ name }) => name) ?? []
    case 'checks':
      return state.setup.checks.map(({ id }) => id)
    case 'nodes':
      return nodeIds(state)
    case 'stages':
      return state.stages.map(({ id }) => id)
    case 'endpoints':
      return selectFailingEndpoints(state).map(({ window, endpoint }) => `${window} ${endpoint}`)
    case 'tables':
      return tableNames
    case 'questions':
      return state.query.items.map(({ id }) => id)
    case 'result':
      return selectAnswerRows(state).map((_, i) => `${i}`)
    case 'log_aggregates':
      return selectWindows(state)
        .map(({ start }) => start)
        .reverse()
    default:
      return selectTail(state, pane).map((row) => rowId(pane, row))
  }
}

const nodeIds = (state: State): readonly string[] => {
  const step = selectStep(state)
  return (step.kind === 'stage' ? selectRunNodes(state, step.id) : selectNodes(state)).map(({ id }) => id)
}

/** Recent rows of a table; on a stage's screen only those that the stage wrote, where the table says so. */
export const selectTail = (state: State, table: TableName): State['tables']['byName'][TableName]['tail'] => {
  const { tail } = state.tables.byName[table]
  const step = selectStep(state)
  return step.kind === 'stage' && table === 'log_results' ? tail.filter((row) => row['version'] === step.id) : tail
}

/** Index of the selected row of a pane, always within it; -1 when it is empty. */
export const selectIndex = (state: State, pane: PaneId): number => {
  const items = selectPaneItems(state, pane)
  const selected = selectView(state).selected[pane]
  if (selected === undefined) return Math.min(0, items.length - 1)
  const at = items.indexOf(selected.id)
  return at >= 0 ? at : Math.max(Math.min(selected.index, items.length - 1), Math.min(0, items.length - 1))
}

/** Id of the selected row of a pane. */
export const selectSelected = (state: State, pane: PaneId): string | undefined =>
  selectPaneItems(state, pane)[selectIndex(state, pane)]
