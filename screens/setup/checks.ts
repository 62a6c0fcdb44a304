import { formatElapsed } from '../../src/core/format.ts'
import { sanitize } from '../../src/core/sanitize.ts'
import { selectIndex, selectView } from '../../src/engine/selectors/panes.ts'
import type { Check, State } from '../../src/engine/state.ts'
import { glyph, rule, type Standing } from '../components/glyphs.ts'
import { problemLines } from '../components/problem-lines.ts'
import { visiblePart } from '../components/table.ts'
import type { Screen } from '../context.ts'
import {
  cell,
  emptyLine,
  ends,
  exactly,
  gap,
  inset,
  type Line,
  muted,
  selected,
  span,
  strong,
  wrapText,
} from '../text/line.ts'

const standings: Readonly<Record<Check['state'], Standing>> = {
  waiting: 'open',
  running: 'busy',
  ok: 'ok',
  problem: 'bad',
}

/** The checks that open the demo, each ok or a problem with its next step. */
export const checksScreen: Screen = (state, { columns, height }) => {
  const { checks } = state.setup
  const at = atOf(state)
  const room = height - 2 - 6
  const all = checks.length <= room
  const part = visiblePart(checks.length, at, all ? room : room - 1)
  const hidden = [...checks.slice(0, part.start), ...checks.slice(part.end)]
  const rows = checks.slice(part.start, part.end).map((check, i) => {
    const line = checkLine(check, state.clock.now, columns - 4)
    const on = part.start + i === at && (check.state === 'problem' || check.hints !== undefined)
    return [gap(1), ...(on ? selected([gap(1), ...line]) : [gap(1), ...line]), gap(1)]
  })
  return [
    inset(titleOf(state, columns - 2), columns),
    emptyLine,
    ...exactly(all ? rows : [...rows, moreLine(hidden)], room),
    rule(columns),
    ...exactly(belowLines(state, checks[at], columns - 4), 5).map((row) => inset(row, columns, 2)),
  ]
}

/** The check that a person chose; else the one that matters now, so that it is in sight. */
const atOf = (state: State): number => {
  const { checks } = state.setup
  if (selectView(state).selected.checks !== undefined) return selectIndex(state, 'checks')
  const wrong = checks.findIndex((one) => one.state === 'problem')
  return Math.max(0, wrong >= 0 ? wrong : checks.findIndex((one) => one.state === 'running'))
}

const moreLine = (hidden: readonly Check[]): Line => {
  const states = (['ok', 'problem', 'running', 'waiting'] as const)
    .map((state) => ({ state, count: hidden.filter((one) => one.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`)
  return [gap(4), muted(`${hidden.length} more: ${states.join(', ')}`)]
}

const titles = {
  demo: 'Make it ready',
  own: 'Your own logs',
  connect: 'Connect',
  resume: 'Open what was here before',
} as const

const titleOf = (state: State, width: number): Line => {
  const { chosen, savedTo, mode } = state.setup
  const title = titles[chosen ?? 'demo']
  const detail = savedTo === undefined ? [] : [gap(2), muted(sanitize(savedTo))]
  const source =
    state.source === undefined ? '' : sanitize(`${state.source.cluster.label} · ${state.source.warehouse.label}`)
  return ends([strong(title), ...detail], [muted(mode === 'open' ? source : '')], width)
}

const checkLine = (check: Check, now: number, width: number): Line => {
  const detail = check.problem?.what ?? check.detail ?? (check.state === 'waiting' ? 'waits' : '')
  const role = check.state === 'problem' ? 'bad' : check.state === 'running' ? 'plain' : 'muted'
  const elapsed = check.state === 'running' && check.startedAt !== undefined ? formatElapsed(now - check.startedAt) : ''
  const left: Line = [
    glyph(check.hints === undefined ? standings[check.state] : 'warn'),
    gap(1),
    cell(span(sanitize(check.title)), 24),
    span(sanitize(detail), role),
  ]
  return ends(left, [muted(elapsed), gap(2)], width)
}

const hintLines = ({ title, detail = '' }: Check, hints: readonly string[], width: number): readonly Line[] => [
  ...wrapText(sanitize(`${title}: ${detail}.`), width).map((row): Line => [span(row, 'warn')]),
  ...hints.flatMap((hint) => wrapText(sanitize(hint), width - 2)).map((row): Line => [gap(2), span(row)]),
]

const belowLines = (state: State, check: Check | undefined, width: number): readonly Line[] => {
  const { problem, checks, mode } = state.setup
  const wrong = check?.problem ?? checks.find((one) => one.problem !== undefined)?.problem ?? problem
  if (wrong !== undefined) return problemLines(wrong, width, 5)
  if (check?.hints !== undefined && mode === 'open') return hintLines(check, check.hints, width)
  if (mode === 'open') {
    const ready = [span('All is ready. '), muted('Space goes on to the nodes.')]
    const connectsNothing = state.setup.chosen === 'connect' && state.source?.cluster.kind === 'sandbox'
    return connectsNothing
      ? [ready, [span('cluster.api was left empty: these are simulated nodes on this machine.', 'warn')]]
      : [ready]
  }
  const since = state.setup.openingSince
  const elapsed = since === undefined ? '' : formatElapsed(state.clock.now - since)
  const done = checks.filter((one) => one.state === 'ok').length
  return [[span(`${done} of ${checks.length} done  `), muted(elapsed)]]
}
