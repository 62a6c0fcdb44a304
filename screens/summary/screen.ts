import { formatBytes, formatCount, formatDuration, formatTimes } from '../../src/core/format.ts'
import { selectIndex, selectPane } from '../../src/engine/selectors/panes.ts'
import { type StageSummary, selectSummaries } from '../../src/engine/selectors/summary.ts'
import type { State } from '../../src/engine/state.ts'
import { rule } from '../components/glyphs.ts'
import { headline } from '../components/headline.ts'
import { sourceOptions } from '../components/source-line.ts'
import type { Screen } from '../context.ts'
import { cell, emptyLine, gap, inset, type Line, muted, span, strong } from '../text/line.ts'
import { comparison } from './comparison.ts'
import { costLines } from './costs.ts'
import { emergenciesPage, emergencyLines, emergencyPanes } from './emergencies.ts'
import { logFigures, stageFigures } from './select.ts'

/** The stages side by side: the point of the talk in one picture. */
export const summaryScreen: Screen = (state, { columns, height }) => {
  const stages = stageFigures(state)
  const head = headline({ width: columns, title: 'The same question, four ways to ask it', ...sourceOptions(state) })
  const beside = columns >= 100 && height >= 26
  if (!beside && selectPane(state) === 'endpoints')
    return [...head, emptyLine, ...emergenciesPage(state, columns, height - head.length - 1)]
  const totals = totalLines(state, selectSummaries(state).at(-1))
  const emergencies = beside ? [] : emergencyLines(state, columns - 2)
  const rows = 4 + totals.length + (emergencies.length > 0 ? emergencies.length + 1 : 0) + stages.length
  const airy = height >= rows + stages.length + (beside ? 12 : 2)
  const table = comparison(logFigures(state), stages, {
    width: columns,
    selected: selectIndex(state, 'stages'),
    focused: selectPane(state) === 'stages',
    airy,
  })
  const top = [
    ...head,
    emptyLine,
    ...table,
    ...(airy ? [emptyLine] : []),
    rule(columns),
    ...[...totals, ...(emergencies.length > 0 ? [emptyLine, ...emergencies] : [])].map((row) => inset(row, columns)),
  ]
  return beside ? [...top, emptyLine, ...emergencyPanes(state, columns, height - top.length - 1)] : top
}

const totalLines = (state: State, last: StageSummary | undefined): readonly Line[] => {
  if (last === undefined) return [[muted('Nothing has run yet. 1 goes to the first stage, Space starts it.')]]
  const { totals, run } = last
  const emergencies = totals.rows['emergency_logs']
  const inTime: Line =
    emergencies === undefined
      ? []
      : [gap(6), strong(formatCount(emergencies)), span(' emergencies in '), strong(formatDuration(run.ms))]
  const done = run.nodes.filter(({ state: one }) => one === 'done').length
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
      ...inTime,
    ],
    emptyLine,
    [cell(muted('read'), 12), ...accounting(totals)],
    [cell(muted('nodes'), 12), ...nodes],
    ...costLines(state),
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
