import type { Stage } from '../../src/core/stage.ts'
import { selectPane, selectSelected, selectTail } from '../../src/engine/selectors/panes.ts'
import { selectWindows } from '../../src/engine/selectors/windows.ts'
import type { PaneId, StageRun, State } from '../../src/engine/state.ts'
import { findingLines } from '../components/finding-lines.ts'
import type { ScreenContext } from '../context.ts'
import { exactly, faded, inset, type Line } from '../text/line.ts'
import { arrivalsPane } from './arrivals.ts'
import { emergenciesPane } from './emergencies.ts'
import { nodeTable } from './node-table.ts'
import { nodeRows, rowsIn, toEmergency } from './select.ts'
import { windowsPane } from './windows.ts'

export interface StagePaneOptions {
  readonly state: State
  readonly stage: Stage
  readonly run: StageRun
  readonly id: PaneId
  readonly width: number
  readonly height: number
  readonly context: ScreenContext
}

/** One pane of a stage: its nodes, or one of its tables. */
export const stagePane = (options: StagePaneOptions): readonly Line[] => {
  const { state, run, stage, id, width, height } = options
  const selectedId = selectSelected(state, id)
  const focused = selectPane(state) === id
  if (id === 'nodes') {
    const nodes = nodeRows(state, run)
    const table = nodeTable(nodes, {
      width,
      height,
      selectedId,
      focused,
      figure: stage.outputs.some((output) => output.relation === 'masked') ? 'masked' : 'rows',
    })
    return withFinding(table, run, width, height)
  }
  const rows = tablePane(options, focused, selectedId)
  return state.tables.failure === undefined && state.tables.tailFailure === undefined ? rows : rows.map(faded)
}

/** What the run found its logs to be, at the foot of its nodes where they leave room for it. */
const withFinding = (table: readonly Line[], run: StageRun, width: number, height: number): readonly Line[] => {
  const finding = run.phase === 'ended' ? findingLines(run.totals, width - 2) : []
  const free = height - table.length
  if (finding.length === 0 || free <= finding.length) return table
  return [...exactly(table, height - finding.length), ...finding.map((row) => inset(row, width))]
}

const tablePane = (options: StagePaneOptions, focused: boolean, selectedId: string | undefined): readonly Line[] => {
  const { state, stage, run, id, width, height, context } = options
  const empty = emptyWord(run, id)
  if (id === 'log_aggregates') {
    const windows = selectWindows(state)
    return windowsPane(windows, {
      width,
      height,
      coloured: context.coloured,
      selectedStart: selectedId,
      focused,
      tableOnly: state.views[state.current]?.plain ?? false,
      empty,
    })
  }
  if (id === 'emergency_logs')
    return emergenciesPane(selectTail(state, id).map(toEmergency), {
      focused,
      selectedId,
      width,
      height,
      total: state.tables.byName.emergency_logs.rows,
      empty,
    })
  if (id !== 'raw_logs' && id !== 'log_results') return []
  return arrivalsPane(selectTail(state, id), {
    table: id,
    width,
    height,
    inside: state.source?.warehouse.kind === 'bigquery' ? 'BigQuery' : undefined,
    filter: id === 'log_results' ? `version = ${stage.id}` : undefined,
    empty,
    focused,
    selectedId,
  })
}

const emptyWord = (run: StageRun, table: string): string => {
  if (run.phase === 'launching' || run.phase === 'running') return 'The first chunk is on its way.'
  if (rowsIn(run, table) > 0) return 'Its rows are stored; newer ones of other stages stand before them.'
  if (run.phase === 'ended') return 'Nothing arrived. The pane of the nodes says why.'
  return 'Empty. Space sends the job, and rows arrive here.'
}
