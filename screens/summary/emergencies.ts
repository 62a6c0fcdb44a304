import { formatCount } from '../../src/core/format.ts'
import { widthOf } from '../../src/core/width.ts'
import { selectIndex, selectPane } from '../../src/engine/selectors/panes.ts'
import type { State } from '../../src/engine/state.ts'
import { type Bar, bars } from '../components/bars.ts'
import { beside, dividers, ruleOver } from '../components/panes.ts'
import { cell, emptyLine, exactly, gap, inset, type Line, muted, span } from '../text/line.ts'
import { emergencyKinds, failingEndpoints } from './select.ts'

const kindsTitle = 'Emergencies by kind'
const endpointsTitle = '5xx lines by endpoint and window'
const none: Line = [muted('None yet. 4 goes to the stage that sends them.')]

/** Which emergencies are counted, where not all of them were read. */
const scopeOf = (state: State): string => {
  const { tail, rows } = state.tables.byName.emergency_logs
  return rows > tail.length ? `the newest ${formatCount(tail.length)} of ${formatCount(rows)}` : ''
}

const kindBars = (state: State, width: number, height: number): readonly Line[] =>
  bars(emergencyKinds(state), { width, height, labelWidth: 16 })

const endpointBars = (state: State, width: number, height: number): readonly Line[] =>
  bars(failingEndpoints(state), {
    width,
    height,
    labelWidth: 22,
    detailWidth: 5,
    ...(selectPane(state) === 'endpoints' ? { selected: selectIndex(state, 'endpoints') } : {}),
  })

const orNone = (lines: readonly Line[]): readonly Line[] => (lines.length === 0 ? [none] : lines)

/** Emergencies by kind beside 5xx lines by endpoint and window. */
export const emergencyPanes = (state: State, columns: number, height: number): readonly Line[] => {
  const left = Math.floor((columns - 1) / 2)
  const right = columns - 1 - left
  const body = height - 1
  const pane = (title: string, content: readonly Line[], width: number) => ({
    width,
    rows: [[span(title), gap(2), muted(scopeOf(state))], emptyLine, ...orNone(content)].map((row) => inset(row, width)),
  })
  const kinds = pane(kindsTitle, kindBars(state, left - 2, body - 2), left)
  const endpoints = pane(endpointsTitle, endpointBars(state, right - 2, body - 2), right)
  return [ruleOver(columns, dividers([left, right])), ...exactly(beside([kinds, endpoints], body), body)]
}

/** The same below each other, for a page of its own. */
export const emergenciesPage = (state: State, columns: number, height: number): readonly Line[] => {
  const width = columns - 2
  const kinds = orNone(kindBars(state, width, 4))
  const head: readonly Line[] = [[span(kindsTitle), gap(2), muted(scopeOf(state))], emptyLine, ...kinds, emptyLine]
  const room = height - head.length - 2
  const rows: readonly Line[] = [
    ...head,
    [span(endpointsTitle)],
    emptyLine,
    ...orNone(endpointBars(state, width, room)),
  ]
  return rows.map((row) => inset(row, columns))
}

/** The same in two rows: every kind, and as many endpoints as fit. */
export const emergencyLines = (state: State, width: number): readonly Line[] => {
  const kinds = emergencyKinds(state)
  if (kinds.length === 0) return []
  return [
    [cell(muted('emergencies'), 12), ...joined(kinds, width - 12)],
    [cell(muted('5xx'), 12), ...joined(failingEndpoints(state), width - 12)],
  ]
}

const joined = (values: readonly Bar[], width: number): Line => {
  const parts: Line[number][] = []
  let used = 0
  for (const { label, detail, value } of values) {
    const before = parts.length === 0 ? '' : '  '
    const words = ` ${[label, detail].filter((word) => word !== undefined).join(' ')}`
    const cells = widthOf(before) + widthOf(formatCount(value)) + widthOf(words)
    if (used + cells > width) break
    parts.push(muted(before), span(formatCount(value)), muted(words))
    used += cells
  }
  return parts
}
