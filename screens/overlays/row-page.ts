import { formatInWords } from '../../src/core/detected.ts'
import { noticeText } from '../../src/core/detected-text.ts'
import { formatBytes, formatCount, formatDuration } from '../../src/core/format.ts'
import { tableNames } from '../../src/core/tables.ts'
import { rowId } from '../../src/engine/rows.ts'
import { selectAnswerRows } from '../../src/engine/selectors/answer.ts'
import { selectWindows } from '../../src/engine/selectors/windows.ts'
import type { PaneId, RunNode, State } from '../../src/engine/state.ts'
import { refusalText } from '../components/refusal-text.ts'
import { clean } from '../text/clean.ts'
import { cell, emptyLine, type Line, muted, span, strong, wrapText } from '../text/line.ts'
import { valueText } from '../text/values.ts'

/** Everything that is known about one row, a field a line. */
export const rowPage = (state: State, pane: PaneId, id: string, width: number): readonly Line[] => {
  const fields = fieldsOf(state, pane, id)
  if (fields.length === 0) return [[muted('This row has gone; Esc closes.')]]
  return [
    [strong(clean(titleOf(pane, id)))],
    emptyLine,
    ...fields.flatMap(([name, value]) =>
      pieces(value, Math.max(10, width - 20)).map(
        (piece, i): Line => [cell(muted(i === 0 ? name : ''), 20), span(piece)],
      ),
    ),
  ]
}

const pieces = (value: string, width: number): readonly string[] => {
  const rows = wrapText(value, width)
  return rows.length === 0 ? ['—'] : rows.slice(0, 6)
}

const titleOf = (pane: PaneId, id: string): string => (pane === 'nodes' ? `Node ${id}` : pane)

type Field = readonly [name: string, value: string]

const fieldsOf = (state: State, pane: PaneId, id: string): readonly Field[] => {
  if (pane === 'nodes')
    return nodeFields(
      state.runs[state.current]?.nodes.find((node) => node.id === id),
      state.clock.now,
    )
  if (pane === 'result') {
    const row = selectAnswerRows(state)[Number(id)]
    return (state.query.answer?.result.columns ?? []).map((column, i) => [clean(column.name), valueText(row?.[i])])
  }
  if (pane === 'log_aggregates') return windowFields(state, id)
  const table = tableNames.find((name) => name === pane)
  const row = table === undefined ? undefined : state.tables.byName[table].tail.find((one) => rowId(table, one) === id)
  return row === undefined ? [] : Object.entries(row).map(([name, value]) => [clean(name), valueText(value)])
}

const windowFields = (state: State, start: string): readonly Field[] => {
  const window = selectWindows(state).find((one) => one.start === start)
  if (window === undefined) return []
  return [
    ['window', clean(window.start)],
    ['requests', formatCount(window.total)],
    ['OK', formatCount(window.ok)],
    ['3xx', formatCount(window.redirect)],
    ['4xx', formatCount(window.clientError)],
    ['5xx', formatCount(window.serverError)],
    ['bytes', formatBytes(window.bytes)],
    ['nodes', formatCount(window.nodes)],
    ['top endpoint', clean(window.topEndpoint ?? '—')],
  ]
}

const stateOf = ({ state, reason, silentSince }: RunNode, now: number): string => {
  if (silentSince !== undefined) return `${state}: no news for ${formatCount(Math.floor((now - silentSince) / 1000))} s`
  return reason === undefined ? state : `${state}: ${clean(reason)}`
}

const nodeFields = (node: RunNode | undefined, now: number): readonly Field[] => {
  if (node === undefined) return []
  const { report } = node
  const told: readonly Field[] =
    report === undefined
      ? [['report', 'none yet']]
      : [
          ['lines read', formatCount(report.lines_read)],
          ['parsed', formatCount(report.lines_parsed)],
          ['rejected', formatCount(report.lines_rejected)],
          ...report.rejected.map((one): Field => ['', clean(refusalText(one))]),
          ['blank', formatCount(report.lines_blank)],
          ['repaired', formatCount(report.repaired)],
          ...report.formats.map((format): Field => ['format', clean(formatInWords(format))]),
          ...(report.fields.length === 0
            ? []
            : [['without a column', clean(report.fields.join(', '))] satisfies Field]),
          ...noticeText(report).map((notice): Field => ['to know', clean(notice)]),
          ...Object.entries(report.rows).map(([table, rows]): Field => [`rows in ${clean(table)}`, formatCount(rows)]),
          ['addresses masked', formatCount(report.masked)],
          ['full addresses', formatCount(report.full_addresses)],
          ['bytes read', formatBytes(report.bytes_read)],
          ['bytes sent', formatBytes(report.bytes_sent)],
          ['chunks', formatCount(report.chunks)],
          ['time', formatDuration(report.ms)],
        ]
  return [
    ['state', stateOf(node, now)],
    ['region', clean(node.region)],
    ['execution', clean(node.executionId ?? '—')],
    ...told,
  ]
}
