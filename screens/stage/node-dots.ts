import { formatCount } from '../../src/core/format.ts'
import { isBad } from '../../src/core/job.ts'
import { glyph } from '../components/glyphs.ts'
import { gap, type Line, muted, type Span, span } from '../text/line.ts'
import { inOrder, type NodeRow, standingOf } from './node-table.ts'

/** All nodes of a run in one row, a mark each, with the first failure or silence in words: for stages whose panes have no room for a node table. */
export const nodeDots = (nodes: readonly NodeRow[], width: number): Line => {
  const done = nodes.filter((node) => node.state === 'done').length
  const first = inOrder(nodes)[0]
  const failed = nodes.filter((node) => isBad(node.state)).length
  const silent = nodes.find(({ silentMs }) => silentMs !== undefined)
  const words: Line =
    failed > 0 && first !== undefined
      ? [span(`${formatCount(failed)} failed: ${first.id}, ${first.reason ?? first.state}`, 'bad')]
      : silent?.silentMs !== undefined
        ? [span(`${silent.id}: no news for ${formatCount(Math.floor(silent.silentMs / 1000))} s`, 'warn')]
        : [muted(`${formatCount(done)} of ${formatCount(nodes.length)} done`)]
  const room = Math.min(nodes.length, Math.max(0, width - 8 - 20))
  const marks: readonly Span[] = nodes.slice(0, room).map((node) => glyph(standingOf(node.state)))
  return [muted('nodes   '), ...marks, gap(2), ...words]
}
