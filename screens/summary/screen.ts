import { formatBytes, formatCount, formatDuration, formatTimes } from '../../src/core/format.ts'
import { tableNames } from '../../src/core/tables.ts'
import { selectIndex, selectPane } from '../../src/engine/selectors/panes.ts'
import { type StageSummary, selectSummaries } from '../../src/engine/selectors/summary.ts'
import type { State } from '../../src/engine/state.ts'
import { bars } from '../components/bars.ts'
import { rule } from '../components/glyphs.ts'
import { headline } from '../components/headline.ts'
import { beside, dividers, ruleOver } from '../components/panes.ts'
import { sourceOptions } from '../components/source-line.ts'
import type { Screen } from '../context.ts'
import { cell, emptyLine, exactly, gap, inset, type Line, muted, span, strong } from '../text/line.ts'
import { comparison } from './comparison.ts'
import { costLines } from './costs.ts'
import { emergencyKinds, failingEndpoints, logFigures, stageFigures } from './select.ts'

/** The stages side by side: the point of the talk in one picture. */
export const summaryScreen: Screen = (state, { columns, height }) => {
  const stages = stageFigures(state)
  // BigQuery has a row more: what was billed
  const airy = height >= 11 + stages.length * 2 + (state.source?.warehouse.kind === 'bigquery' ? 1 : 0)
  const table = comparison(logFigures(state), stages, {
    width: columns,
    selected: selectIndex(state, 'stages'),
    focused: selectPane(state) === 'stages',
    airy,
  })
  const last = selectSummaries(state).at(-1)
  const top = [
    ...headline({ width: columns, title: 'The same question, four ways to ask it', ...sourceOptions(state) }),
    emptyLine,
    ...table,
    ...(airy ? [emptyLine] : []),
    rule(columns),
    ...totalLines(state, last).map((row) => inset(row, columns)),
  ]
  const room = height - top.length
  return room < 8 || columns < 100 ? top : [...top, emptyLine, ...lowerPanes(state, columns, room - 1)]
}

const totalLines = (state: State, last: StageSummary | undefined): readonly Line[] => {
  if (last === undefined) return [[muted('Nothing has run yet. 1 goes to the first stage, Space starts it.')]]
  const { totals, run } = last
  const emergencies = totals.rows['emergency_logs']
  const alarms: Line =
    emergencies === undefined
      ? []
      : [gap(6), strong(formatCount(emergencies)), span(' emergencies in '), strong(formatDuration(run.ms))]
  const done = run.nodes.filter(({ state: one }) => one === 'done').length
  const stored = tableNames.reduce((sum, name) => sum + state.tables.byName[name].bytes, 0)
  const nodes: Line =
    run.nodes.length === 0
      ? [muted('restored from the state folder; nothing was run again')]
      : [
          span(`${done} of ${run.nodes.length}`),
          muted(' finished, '),
          span(formatBytes(totals.bytes_unread)),
          muted(' left unread'),
        ]
  return [
    [
      strong(`${formatTimes(totals.bytes_read, totals.bytes_sent)}x`),
      span(' less sent'),
      gap(6),
      strong(formatCount(totals.full_addresses)),
      span(' full addresses stored'),
      ...alarms,
    ],
    emptyLine,
    [cell(muted('read'), 11), ...accounting(totals)],
    [cell(muted('nodes'), 11), ...nodes],
    ...costLines(state, stored),
  ]
}

const accounting = (totals: StageSummary['totals']): Line => [
  span(formatCount(totals.lines_read)),
  muted(' lines = '),
  span(formatCount(totals.lines_parsed)),
  muted(' parsed + '),
  span(formatCount(totals.lines_rejected)),
  muted(' rejected + '),
  span(formatCount(totals.lines_blank)),
  muted(' blank'),
]

const lowerPanes = (state: State, columns: number, height: number): readonly Line[] => {
  const left = Math.floor((columns - 1) / 2)
  const widths = [left, columns - 1 - left]
  const { tail, rows } = state.tables.byName.emergency_logs
  const scope = rows > tail.length ? `the newest ${formatCount(tail.length)} of ${formatCount(rows)}` : ''
  const body = height - 1
  const pane = (title: string, content: readonly Line[], width: number) => ({
    width,
    rows: [[span(title), gap(2), muted(scope)], emptyLine, ...(content.length === 0 ? [empty] : content)].map((row) =>
      inset(row, width),
    ),
  })
  const kinds = bars(emergencyKinds(state), { width: left - 2, height: body - 2, labelWidth: 16 })
  const failing = bars(failingEndpoints(state), {
    width: columns - left - 3,
    height: body - 2,
    labelWidth: 22,
    detailWidth: 5,
  })
  return [
    ruleOver(columns, dividers(widths)),
    ...exactly(
      beside(
        [
          pane('Emergencies by kind', kinds, left),
          pane('5xx lines by endpoint and window', failing, widths[1] ?? left),
        ],
        body,
      ),
      body,
    ),
  ]
}

const empty: Line = [muted('None yet. 4 goes to the stage that sends them.')]
