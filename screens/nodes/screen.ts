import { formatBytes, formatCount, formatElapsed } from '../../src/core/format.ts'
import { selectGrowth, selectNodes } from '../../src/engine/selectors/nodes.ts'
import { selectSelected } from '../../src/engine/selectors/panes.ts'
import type { State } from '../../src/engine/state.ts'
import { rule, spinner } from '../components/glyphs.ts'
import { headline } from '../components/headline.ts'
import { problemLines } from '../components/problem-lines.ts'
import { sourceOptions } from '../components/source-line.ts'
import type { Screen } from '../context.ts'
import { emptyLine, exactly, faded, inset, type Line, muted, span } from '../text/line.ts'
import { logLines, nodeDetail } from './detail.ts'
import { nodeList } from './node-list.ts'
import { toEntry } from './select.ts'

/** The machines that hold the logs, cloud by cloud. */
export const nodesScreen: Screen = (state, { columns, height }) => {
  const nodes = selectNodes(state)
  const head = [...headline({ width: columns, ...titleOf(state), ...sourceOptions(state) }), emptyLine]
  const room = height - head.length
  if (nodes.length === 0) return [...head, ...waiting(state, columns, room)]
  const opened = nodes.find(({ id }) => id === state.nodes.opened)
  if (opened !== undefined)
    return [...head, ...nodeDetail(state, opened, columns - 2, room).map((row) => inset(row, columns))]
  const selectedId = selectSelected(state, 'nodes')
  const current = nodes.find(({ id }) => id === selectedId)
  const logHeight = room >= 15 ? Math.min(6, Math.max(4, Math.floor(room / 6))) : 0
  const listHeight = room - (logHeight > 0 ? logHeight + 1 : 0)
  const list = exactly(
    nodeList(
      nodes.map((node) => toEntry(state, node)),
      { width: columns - 1, height: listHeight, selectedId, focused: true },
    ),
    listHeight,
  )
  const shown = state.nodes.failure === undefined ? list : list.map(faded)
  if (logHeight === 0 || current === undefined) return [...head, ...shown]
  const log = logLines(state, current, logHeight).map((row) => inset(row, columns))
  return [...head, ...shown, rule(columns), ...log]
}

const titleOf = (state: State): { readonly title: string; readonly detail: string; readonly activity: string } => {
  const { rows } = state.nodes
  const clouds = new Set(rows.map(({ provider }) => provider)).size
  const regions = new Set(rows.map(({ provider, region }) => `${provider} ${region}`)).size
  const lost = rows.filter(({ state: one }) => one === 'lost').length
  const growth = selectGrowth(state)
  return {
    title: `${formatCount(rows.length)} ${rows.length === 1 ? 'node' : 'nodes'}`,
    detail:
      state.source?.cluster.ownFiles === true
        ? 'your own log files on this machine'
        : `in ${clouds} ${clouds === 1 ? 'cloud' : 'clouds'}, ${regions} ${regions === 1 ? 'region' : 'regions'}${lost > 0 ? `, ${lost} lost` : ''}`,
    activity: growth > 0 ? `logs grow ${formatBytes(growth)}/s` : rows.some(({ log }) => log) ? 'logs stand still' : '',
  }
}

const waiting = (state: State, columns: number, height: number): readonly Line[] => {
  const { failure, receivedAt } = state.nodes
  const { now, openedAt, startedAt } = state.clock
  if (failure !== undefined)
    return problemLines(failure.problem, columns - 4, height).map((row) => inset(row, columns, 2))
  if (receivedAt !== undefined)
    return [
      inset([span('The cluster has no node.')], columns, 2),
      inset(
        [muted('Start one with bacalhau serve --compute, or 0 goes back to Setup for the demo on this machine.')],
        columns,
        2,
      ),
    ]
  const elapsed = now - (openedAt ?? startedAt)
  return [
    inset(
      [spinner(elapsed), span(' asking the cluster for its nodes'), muted(`  ${formatElapsed(elapsed)}`)],
      columns,
      2,
    ),
  ]
}
