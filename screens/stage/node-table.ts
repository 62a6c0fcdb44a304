import { formatBytes, formatCount, formatDuration, formatElapsed } from '../../src/core/format.ts'
import { byOutcome, type OutcomeState, outcomeStates } from '../../src/core/job.ts'
import type { Provider } from '../../src/core/node.ts'
import { widthOf } from '../../src/core/width.ts'
import { bar } from '../components/bar.ts'
import { glyph, pointer, type Standing } from '../components/glyphs.ts'
import { type TableColumn, tableHead, tableRow, tableWidth, visiblePart } from '../components/table.ts'
import { cell, fitTo, gap, type Line, muted, type Span, selected, span } from '../text/line.ts'

/** A node's part in a stage, as its row shows it. */
export interface NodeRow {
  readonly id: string
  readonly provider: Provider
  readonly region: string
  readonly state: OutcomeState
  readonly reason?: string | undefined
  /** A word instead of `waiting`. */
  readonly word?: string | undefined
  /** 0 to 1, known while it runs and its size is known. */
  readonly share?: number | undefined
  readonly lines?: number | undefined
  readonly rows?: number | undefined
  readonly masked?: number | undefined
  readonly sentBytes?: number | undefined
  /** Milliseconds without news of the node, while its part is open. */
  readonly silentMs?: number | undefined
  /** Milliseconds it took, or has been running for. */
  readonly ms?: number | undefined
}

export interface NodeTableOptions {
  readonly width: number
  readonly height: number
  readonly selectedId?: string | undefined
  /** Whether the pane has the focus; only then the selected row is marked. */
  readonly focused: boolean
  /** The figure that matters on this stage. */
  readonly figure: 'rows' | 'masked'
}

const standings: Readonly<Record<OutcomeState, Standing>> = {
  failed: 'bad',
  lost: 'bad',
  unparsed: 'bad',
  stopped: 'warn',
  skipped: 'open',
  running: 'busy',
  waiting: 'open',
  done: 'ok',
}

/** How a node's state is marked. */
export const standingOf = (state: OutcomeState): Standing => standings[state]

/** Failures first, then what runs; within a state the given order, so that rows move only when their state does. */
export const inOrder = (rows: readonly NodeRow[]): readonly NodeRow[] => rows.toSorted(byOutcome)

/** A row for each node under a head; what has no room is counted in the last row. */
export const nodeTable = (nodes: readonly NodeRow[], options: NodeTableOptions): readonly Line[] => {
  const { width, height, selectedId, focused } = options
  const layout = layoutFor(width - 1, options.figure)
  const sorted = inOrder(nodes)
  const room = height - 1
  const all = sorted.length <= room
  const at = Math.max(
    0,
    sorted.findIndex((row) => row.id === selectedId),
  )
  const part = visiblePart(sorted.length, at, all ? room : room - 1)
  const body = sorted.slice(part.start, part.end).map((row) => {
    const on = focused && row.id === selectedId
    const line: Line = [pointer(on), ...fitTo(nodeLine(row, layout), width - 1)]
    return on ? selected(line) : line
  })
  const hidden = [...sorted.slice(0, part.start), ...sorted.slice(part.end)]
  const head: Line = [gap(1), ...tableHead(layout.columns)]
  return all ? [head, ...body] : [head, ...body, [gap(3), muted(hiddenText(hidden))]]
}

interface Layout {
  readonly columns: readonly TableColumn[]
  readonly stateAt: number
  readonly figures: readonly string[]
  readonly width: number
}

const layoutFor = (width: number, figure: 'rows' | 'masked'): Layout => {
  const roomy = width >= 76
  const base: TableColumn[] = [
    { title: 'NODE', width: roomy ? 10 : 9 },
    { title: 'REGION', width: width < 50 ? 10 : roomy ? 15 : 14, before: 1 },
    { title: 'STATE', width: 8, before: 1 },
  ]
  const wanted = ['LINES', figure.toUpperCase(), 'SENT', 'TIME']
  const figures: string[] = []
  const columns = [...base]
  for (const title of wanted) {
    const column: TableColumn = {
      title,
      width: title === 'TIME' ? 7 : 9,
      align: 'right',
      before: roomy ? 2 : 1,
    }
    if (tableWidth([...columns, column]) > width) break
    figures.push(title)
    columns.push(column)
  }
  return { columns, stateAt: tableWidth(base) - 8, figures, width }
}

const nodeLine = (row: NodeRow, layout: Layout): Line => {
  const [node, region] = layout.columns
  const head: Line = [
    glyph(standings[row.state]),
    gap(1),
    cell(span(row.id, row.provider), (node?.width ?? 9) - 2),
    gap(1),
    cell(muted(row.region), region?.width ?? 14),
    gap(1),
  ]
  return [...head, ...stateLine(row, layout)]
}

const stateLine = (row: NodeRow, layout: Layout): Line => {
  const room = layout.width - layout.stateAt
  const hasTime = layout.figures.includes('TIME')
  if (row.silentMs !== undefined)
    return [
      cell(span(row.state), 8),
      gap(1),
      span(`no news for ${formatCount(Math.floor(row.silentMs / 1000))} s`, 'warn'),
    ]
  switch (row.state) {
    case 'failed':
    case 'lost':
    case 'unparsed':
      return [span(heart(row.reason ?? row.state, room), 'bad')]
    case 'stopped':
    case 'skipped':
      return [span(row.reason ?? row.state, 'warn')]
    case 'waiting':
      return [muted(row.word ?? 'waiting')]
    case 'running':
      return runningLine(row, room, hasTime)
    case 'done':
      return tableRow(layout.columns.slice(2), [muted('done'), ...layout.figures.map((title) => figureOf(row, title))])
  }
}

/** The part of a reason that fits: of what called what the cause stays; whole sentences begin with what matters. */
const heart = (reason: string, room: number): string => {
  const parts = reason.split(': ')
  const isChain = parts.length >= 3 && !/[.!?] /.test(parts[0] ?? '')
  return widthOf(reason) <= room || !isChain ? reason : heart(parts.slice(1).join(': '), room)
}

const runningLine = (row: NodeRow, room: number, hasTime: boolean): Line => {
  const time: Span = cell(span(row.ms === undefined ? '' : formatElapsed(row.ms)), 6, 'right')
  const barWidth = Math.max(4, Math.min(18, room - 15))
  const progress = row.share === undefined ? [gap(barWidth)] : bar(row.share, barWidth, 'warn')
  const line: Line = [cell(span('running'), 8), gap(1), ...progress]
  return hasTime ? [...fitTo(line, room - 6), time] : fitTo([...line, time], room)
}

const figureOf = (row: NodeRow, title: string): Span => {
  const text = (value: number | undefined, format: (n: number) => string) => (value === undefined ? '—' : format(value))
  switch (title) {
    case 'LINES':
      return span(text(row.lines, formatCount))
    case 'ROWS':
      return span(text(row.rows, formatCount))
    case 'MASKED':
      return span(text(row.masked, formatCount))
    case 'SENT':
      return span(text(row.sentBytes, formatBytes))
    default:
      return muted(text(row.ms, formatDuration))
  }
}

const hiddenText = (rows: readonly NodeRow[]): string => {
  const counts = outcomeStates
    .map((state) => ({ state, count: rows.filter((row) => row.state === state).length }))
    .filter((one) => one.count > 0)
  const [only] = counts
  if (counts.length === 1 && only !== undefined) return `${formatCount(only.count)} more ${only.state}`
  return `${formatCount(rows.length)} more: ${counts.map((one) => `${formatCount(one.count)} ${one.state}`).join(', ')}`
}
