import { formatAgo, formatBytes, formatCount, formatDuration, formatElapsed } from '../../src/core/format.ts'
import { type ClusterNode, providerNames } from '../../src/core/node.ts'
import type { Report } from '../../src/core/report.ts'
import { selectNodeRuns } from '../../src/engine/selectors/nodes.ts'
import type { State } from '../../src/engine/state.ts'
import { findingLines } from '../components/finding-lines.ts'
import { glyph } from '../components/glyphs.ts'
import { refusalText } from '../components/refusal-text.ts'
import { type TableColumn, tableHead, tableRow } from '../components/table.ts'
import { standingOf } from '../stage/node-table.ts'
import { clean } from '../text/clean.ts'
import { emptyLine, gap, type Line, muted, span, strong } from '../text/line.ts'

/** The log of a node as it was last seen: where it is, how large, and its newest lines. */
export const logLines = (state: State, node: ClusterNode, height: number): readonly Line[] => {
  const { log } = node
  const head: Line = [strong(clean(node.id)), gap(2), muted(clean(node.region)), gap(2)]
  if (log === undefined) return peekLines(state, node, head, height)
  const growing = state.nodes.growth[node.id]?.perSecond.at(-1) ?? 0
  const facts = `  ${formatBytes(log.bytes)}${growing > 0 ? `, growing ${formatBytes(growing)}/s` : ''}`
  const tail = log.tail.slice(-Math.max(0, height - 1))
  return [
    [...head, span(clean(log.path)), muted(facts)],
    ...(tail.length === 0 ? [[muted('no line yet')]] : tail.map((line): Line => [muted(clean(line))])),
  ]
}

/** The log of a node that only jobs can see: its size when it was inspected, its newest lines when they were asked for. */
const peekLines = (state: State, { id }: ClusterNode, head: Line, height: number): readonly Line[] => {
  const size = state.nodes.readiness[id]?.found?.log.bytes
  const peek = state.nodes.peeks[id]
  const facts = size === undefined ? [] : [span(`${formatBytes(size)} of logs when it was asked`), gap(2)]
  const when =
    peek?.askedAt !== undefined
      ? `a job looks at it ${formatElapsed(state.clock.now - peek.askedAt)}`
      : peek?.at !== undefined
        ? `seen ${formatAgo(state.clock.now - peek.at)}`
        : 'Enter looks at it, by a small job'
  const problem = peek?.problem === undefined ? [] : [[span(clean(peek.problem.what), 'bad')]]
  const lines = (peek?.lines ?? []).slice(-Math.max(0, height - 1 - problem.length))
  return [[...head, ...facts, muted(when)], ...problem, ...lines.map((line): Line => [muted(clean(line))])]
}

const columns: readonly TableColumn[] = [
  { title: 'STAGE', width: 14 },
  { title: 'STATE', width: 10 },
  { title: 'LINES', width: 9, align: 'right' },
  { title: 'REJECTED', width: 9, align: 'right' },
  { title: 'SENT', width: 9, align: 'right' },
  { title: 'TIME', width: 7, align: 'right' },
]

const saysMore = (report: Report | undefined): boolean => report !== undefined && findingLines(report, 80).length > 0

const findingRows = (report: Report | undefined, width: number): readonly Line[] =>
  report === undefined ? [] : [...findingLines(report, width), emptyLine]

/** One node: what it is, its part in each stage, and its log. */
export const nodeDetail = (state: State, node: ClusterNode, width: number, height: number): readonly Line[] => {
  const runs = selectNodeRuns(state, node.id)
  const table = runs.flatMap(({ title, node: part }): readonly Line[] => {
    const { report } = part
    const row = tableRow(columns, [
      span(title),
      [glyph(standingOf(part.state)), span(` ${part.state}`)],
      span(report === undefined ? '—' : formatCount(report.lines_read)),
      span(report === undefined ? '—' : formatCount(report.lines_rejected)),
      span(report === undefined ? '—' : formatBytes(report.bytes_sent)),
      muted(report === undefined ? '—' : formatDuration(report.ms)),
    ])
    const refused = (report?.rejected ?? []).map((one): Line => [gap(2), muted(clean(refusalText(one)))])
    return part.reason === undefined ? [row, ...refused] : [row, [gap(2), span(clean(part.reason), 'bad')], ...refused]
  })
  const labels = Object.entries(node.labels).map(([name, value]) => clean(`${name}=${value}`))
  // every stage reads the same log: what the last one found stands for all
  const finding = runs.toSorted((a, b) => a.endedAt - b.endedAt).findLast(({ node: { report } }) => saysMore(report))
  const reason = state.nodes.readiness[node.id]?.reason
  const top: readonly Line[] = [
    [span(`▌ ${providerNames[node.provider]}`, node.provider), muted(`  ${labels.slice(0, 6).join('  ')}`)],
    ...(reason === undefined ? [] : [[span(clean(`Not ready: ${reason}.`), 'warn')]]),
    emptyLine,
    ...(runs.length === 0
      ? [[muted('No stage has run on it yet. Space goes on to the first one.')]]
      : [tableHead(columns), ...table]),
    emptyLine,
    ...findingRows(finding?.node.report, width),
  ]
  return [...top, ...logLines(state, node, Math.max(2, height - top.length))]
}
