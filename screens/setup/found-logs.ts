import { formatBytes, formatCount } from '../../src/core/format.ts'
import type { InspectedNode, LogInspection } from '../../src/core/log-inspection.ts'
import type { Segment, Stage } from '../../src/core/stage.ts'
import { widthOf } from '../../src/core/width.ts'
import { selectIndex } from '../../src/engine/selectors/panes.ts'
import { glyph, pointer, rule } from '../components/glyphs.ts'
import { problemLines } from '../components/problem-lines.ts'
import { type Cell, type TableColumn, tableHead, tableRow, visiblePart } from '../components/table.ts'
import type { Screen } from '../context.ts'
import { toSpan } from '../stage/example.ts'
import { clean } from '../text/clean.ts'
import {
  emptyLine,
  ends,
  exactly,
  gap,
  inset,
  type Line,
  lineWidth,
  muted,
  selected,
  span,
  strong,
  wrapText,
} from '../text/line.ts'

/** Columns of the terminal from which on the table tells the times too. */
const wide = 110
const mostProblems = 8

/** What logs of one's own hold: a row a node, its first line before and after each stage, and what stands in the way. */
export const foundLogsScreen: Screen = (state, { columns, height }) => {
  const { found, text } = state.setup.own
  if (found === undefined) return []
  const { nodes } = found
  const at = Math.max(0, selectIndex(state, 'own'))
  const node = nodes[at]
  const title = ends([strong('Your own logs'), gap(2), muted(clean(text))], [muted(countsOf(found))], columns - 2)
  const example = node === undefined ? [] : exampleRows(node, state.stages, columns)
  const head = [inset(title, columns), emptyLine]
  const problems = problemRows(
    found,
    columns - 4,
    Math.min(mostProblems, height - head.length - example.length - Math.min(4, nodes.length + 2)),
  )
  const room = Math.min(nodes.length + 2, height - head.length - example.length - problems.length)
  const rows = nodeRows(nodes, { at, columns, height: room })
  const left = height - head.length - rows.length - example.length - problems.length
  const notices = node === undefined ? [] : noticeRows(node, columns, left)
  return [...head, ...rows, ...example, ...problems, ...notices]
}

const plural = (count: number, one: string): string => `${formatCount(count)} ${count === 1 ? one : `${one}s`}`

const countsOf = ({ nodes }: LogInspection): string => {
  const files = nodes.reduce((sum, node) => sum + node.files.length, 0)
  const bytes = nodes.reduce((sum, node) => sum + node.bytes, 0)
  return nodes.length === 0
    ? 'nothing found'
    : [plural(nodes.length, 'node'), plural(files, 'file'), formatBytes(bytes)].join(' · ')
}

/** What a name leaves is given to the format. */
const nodeWidth = (columns: number, nodes: readonly InspectedNode[]): number =>
  columns < wide
    ? Math.min(12, Math.max(5, ...nodes.map(({ name }) => widthOf(clean(name)))))
    : Math.min(32, columns - 110)

const columnsFor = (columns: number, nodes: readonly InspectedNode[]): readonly TableColumn[] => [
  { title: '', width: 1 },
  { title: 'NODE', width: nodeWidth(columns, nodes), before: 1 },
  { title: 'FILES', width: 5, align: 'right' },
  { title: 'SIZE', width: 8, align: 'right' },
  { title: 'LINES', width: 16, align: 'right', before: 1 },
  { title: 'FORMAT', width: columns < wide ? 40 - nodeWidth(columns, nodes) : 32 },
  ...(columns < wide
    ? []
    : [
        { title: 'FROM', width: 16 },
        { title: 'TO (UTC)', width: 16 },
      ]),
]

const minuteOf = (at: number | null): string =>
  at === null ? '—' : new Date(at).toISOString().slice(0, 16).replace('T', ' ')

const linesOf = ({ lines, about, understood, looked }: InspectedNode): string =>
  looked === 0 && understood === 0 ? '—' : `${about ? 'about ' : ''}${formatCount(lines)}`

/** Which formats, and how sure; without a place for all of it the commonest alone. */
const formatOf = (node: InspectedNode, room: number): Line => {
  const whole = formatLine(node, false)
  return lineWidth(whole) <= room ? whole : formatLine(node, true)
}

const formatLine = ({ formats, understood, looked }: InspectedNode, brief: boolean): Line => {
  const [first, ...others] = formats.map(clean)
  if (looked === 0 && first === undefined) return [glyph('warn'), gap(1), span('no line yet', 'warn')]
  if (first === undefined)
    return [glyph('bad'), gap(1), span(`not understood, ${formatCount(looked)} looked at`, 'bad')]
  const share = `${formatCount(understood)} of ${brief ? formatCount(looked) : plural(looked, 'line')}`
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  const titles = brief ? `${first}${more}` : [first, ...others].join(' · ')
  return [glyph(understood < looked ? 'warn' : 'ok'), gap(1), span(titles), muted(`, ${share}`)]
}

const nodeRows = (
  nodes: readonly InspectedNode[],
  { at, columns, height }: { readonly at: number; readonly columns: number; readonly height: number },
): readonly Line[] => {
  if (nodes.length === 0) return exactly([], Math.max(0, height))
  const table = columnsFor(columns, nodes)
  const fits = Math.max(1, height - 1)
  const part = visiblePart(nodes.length, at, nodes.length <= fits ? fits : Math.max(1, fits - 1))
  const rows = nodes.slice(part.start, part.end).map((node, i) => {
    const on = part.start + i === at
    const cells: readonly Cell[] = [
      pointer(on),
      span(clean(node.name)),
      span(formatCount(node.files.length)),
      span(formatBytes(node.bytes)),
      span(linesOf(node)),
      formatOf(node, table[5]?.width ?? 0),
      muted(minuteOf(node.first)),
      muted(minuteOf(node.last)),
    ]
    const line = tableRow(table, cells)
    return inset(on && nodes.length > 1 ? selected(line) : line, columns)
  })
  const hidden = nodes.length - (part.end - part.start)
  const more: readonly Line[] = hidden > 0 ? [inset([gap(2), muted(`${hidden} more: ↑ ↓`)], columns)] : []
  return exactly([inset(tableHead(table), columns), ...rows, ...more], Math.max(2, height))
}

const joined = (segments: readonly Segment[], side: 'before' | 'after'): Line =>
  segments.map((segment) => toSpan(segment, side))

/** The line of a node as it is, and what each stage makes of it. */
const exampleRows = (node: InspectedNode, stages: readonly Stage[], columns: number): readonly Line[] => {
  const line = node.sample
  if (line === null) return [rule(columns)]
  const label = (text: string): Line => [muted(text.padEnd(14))]
  const first = stages[0]?.beforeAfter(line)
  const times = node.first === null ? 'not known' : `${minuteOf(node.first)} to ${minuteOf(node.last)} UTC`
  const rows: readonly Line[] = [
    [...label('format'), ...formatOf(node, columns - 4 - 14)],
    [...label('time'), span(times)],
    [...label('before'), ...(first === undefined ? [] : joined(first.before, 'before'))],
    ...stages.map(
      (stage, i): Line => [
        ...label(`${i + 1} ${clean(stage.title)}`),
        ...joined(stage.beforeAfter(line).after, 'after'),
      ],
    ),
  ]
  return [rule(columns), ...rows.map((row) => inset(row, columns, 2)), emptyLine]
}

const problemRows = ({ problems }: LogInspection, width: number, height: number): readonly Line[] => {
  const rows: Line[] = []
  for (const [i, problem] of problems.entries()) {
    const left = Math.max(0, height - rows.length - (i < problems.length - 1 ? 1 : 0))
    const { why, ...brief } = problem
    const told = problems.length > 1 || why === undefined ? brief : { ...brief, why }
    const lines = problemLines({ kind: 'usage', ...told }, width, Math.min(problems.length > 1 ? 4 : left, left))
    if (lines.length < 2 || lines.length > left) {
      rows.push([muted(`${problems.length - i} more ${problems.length - i === 1 ? 'thing' : 'things'} to look at`)])
      break
    }
    rows.push(...(problem.note === true ? lines.map(asNote) : lines))
  }
  return rows.map((row) => inset(row, width + 4, 2)).slice(0, Math.max(0, height))
}

/** What to know of a node's lines, as far as there is room. */
const noticeRows = ({ notices }: InspectedNode, columns: number, height: number): readonly Line[] =>
  notices
    .flatMap((notice) => wrapText(clean(notice), columns - 4))
    .slice(0, Math.max(0, height))
    .map((row) => inset([span(row, 'warn')], columns, 2))

/** What is good to know is no failure. */
const asNote = (line: Line): Line =>
  line.map((part) => (part.role === 'bad' ? { ...part, role: 'warn' as const } : part))
