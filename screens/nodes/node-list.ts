import { formatBytes, formatCount, formatElapsed, formatMemory } from '../../src/core/format.ts'
import type { OutcomeState } from '../../src/core/job.ts'
import { type Provider, providerNames } from '../../src/core/node.ts'
import { glyph, pointer } from '../components/glyphs.ts'
import { sparkline } from '../components/sparkline.ts'
import { type Cell, type TableColumn, tableHead, tableRow, tableWidth, visiblePart } from '../components/table.ts'
import { emptyLine, fitTo, gap, type Line, muted, selected, span } from '../text/line.ts'

/** A node as its row shows it. */
export interface NodeEntry {
  readonly id: string
  readonly provider: Provider
  readonly region: string
  readonly lost: boolean
  /** Why it could not run a stage, in a word. */
  readonly unready?: 'unprepared' | 'shared' | 'unknown' | undefined
  /** Milliseconds since it was last heard of. */
  readonly lostMs?: number | undefined
  readonly cpu?: number | undefined
  readonly memoryBytes?: number | undefined
  readonly logBytes?: number | undefined
  readonly logLines?: number | undefined
  /** Bytes the log grew by between polls, oldest first; undefined for a missed poll. */
  readonly growth: readonly (number | undefined)[]
  readonly lastRun?: { readonly state: OutcomeState; readonly text: string; readonly bad: boolean } | undefined
}

export interface NodeListOptions {
  readonly width: number
  readonly height: number
  readonly selectedId?: string | undefined
  readonly focused: boolean
}

const providers: readonly Provider[] = ['aws', 'gcp', 'azure', 'other']

/** The nodes grouped by cloud; only the rows that fit are made, around the selected one. */
export const nodeList = (nodes: readonly NodeEntry[], options: NodeListOptions): readonly Line[] => {
  const { width, height, selectedId, focused } = options
  const columns = columnsFor(width - 1)
  const growthMax = nodes.reduce((most, node) => node.growth.reduce<number>((top, n) => Math.max(top, n ?? 0), most), 0)
  const groups = providers
    .map((provider) => ({ provider, members: nodes.filter((node) => node.provider === provider) }))
    .filter((group) => group.members.length > 0)
  const airy = nodes.length + groups.length * 2 <= height
  const items = groups.flatMap((group, i) => [
    ...(airy && i > 0 ? [{ kind: 'air' as const }] : []),
    { kind: 'group' as const, ...group },
    ...group.members.map((node) => ({ kind: 'node' as const, node })),
  ])
  const at = items.findIndex((item) => item.kind === 'node' && item.node.id === selectedId)
  const part = visiblePart(items.length, at, height - 1)
  const rows = items.slice(part.start, part.end).map((item): Line => {
    if (item.kind === 'air') return emptyLine
    if (item.kind === 'group') return groupLine(item.provider, item.members.length)
    const on = focused && item.node.id === selectedId
    const line: Line = [pointer(on), ...fitTo(tableRow(columns, cellsOf(item.node, columns, growthMax)), width - 1)]
    return on ? selected(line) : line
  })
  return [[gap(1), ...tableHead(columns)], ...rows]
}

const groupLine = (provider: Provider, count: number): Line => [
  gap(1),
  span(`▌ ${providerNames[provider]}`, provider),
  muted(`  ${formatCount(count)} ${count === 1 ? 'node' : 'nodes'}`),
]

const columnsFor = (width: number): readonly TableColumn[] => {
  const columns: TableColumn[] = [
    { title: 'NODE', width: 11 },
    { title: 'REGION', width: 15, before: 1 },
    { title: 'STATE', width: 12, before: 1 },
  ]
  const wanted: readonly TableColumn[] =
    width >= 112
      ? [
          { title: 'CPU', width: 4, align: 'right', before: 0 },
          { title: 'MEMORY', width: 7, align: 'right' },
          { title: 'LOG', width: 8, align: 'right' },
          { title: 'GROWTH, 60 s', width: 20 },
          { title: 'LINES', width: 8, align: 'right' },
          { title: 'LAST RUN', width: 15 },
        ]
      : [
          { title: 'LOG', width: 8, align: 'right' },
          { title: 'GROWTH', width: 14 },
          { title: 'LINES', width: 8, align: 'right', before: 1 },
        ]
  for (const column of wanted) if (tableWidth([...columns, column]) <= width) columns.push(column)
  const rest = width - tableWidth(columns)
  const last = columns[columns.length - 1]
  return last?.title === 'LAST RUN' ? [...columns.slice(0, -1), { ...last, width: last.width + rest }] : columns
}

const cellsOf = (node: NodeEntry, columns: readonly TableColumn[], growthMax: number): readonly Cell[] =>
  columns.map((column) => cellOf(node, column, growthMax))

const cellOf = (node: NodeEntry, column: TableColumn, growthMax: number): Cell => {
  const figure = (value: number | undefined, format: (n: number) => string) =>
    value === undefined ? '—' : format(value)
  switch (column.title) {
    case 'NODE':
      return span(`  ${node.id}`, node.provider)
    case 'REGION':
      return muted(node.region)
    case 'STATE':
      return node.lost
        ? span(`✖ lost ${node.lostMs === undefined ? '' : formatElapsed(node.lostMs)}`, 'bad')
        : node.unready !== undefined
          ? span(`! ${node.unready}`, 'warn')
          : node.lastRun?.state === 'unparsed'
            ? [glyph('bad'), span(' unparsed', 'bad')]
            : [glyph('ok'), span(' connected')]
    case 'CPU':
      return muted(node.cpu === undefined ? '—' : String(node.cpu))
    case 'MEMORY':
      return muted(figure(node.memoryBytes, formatMemory))
    case 'LOG':
      return span(figure(node.logBytes, formatBytes))
    case 'LINES':
      return span(figure(node.logLines, formatCount))
    case 'LAST RUN':
      return node.lastRun?.bad === true ? span(node.lastRun.text, 'bad') : muted(node.lastRun?.text ?? '—')
    default:
      return sparkline(node.growth, {
        width: column.width,
        height: 5,
        max: growthMax,
        role: node.lost ? 'muted' : 'accent',
      })
  }
}
