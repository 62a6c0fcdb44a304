import { formatBytes } from '../../src/core/format.ts'
import { sanitize } from '../../src/core/sanitize.ts'
import { selectIndex, selectPane } from '../../src/engine/selectors/panes.ts'
import type { QueryItem, State } from '../../src/engine/state.ts'
import { pointer } from '../components/glyphs.ts'
import { visiblePart } from '../components/table.ts'
import { bold, emptyLine, ends, fitTo, gap, type Line, muted, selected, span } from '../text/line.ts'

/** The questions of all stages, each with the stage it belongs to, or with what it would read. */
export const questionsPane = (state: State, width: number, height: number): readonly Line[] => {
  const { items, prices } = state.query
  const priced = Object.keys(prices).length > 0
  const head = ends([gap(2), span('Questions')], [muted(priced ? 'reads' : 'stage'), gap(1)], width)
  if (items.length === 0) return [head, emptyLine, [gap(2), muted('No stage has a question.')]]
  const at = selectIndex(state, 'questions')
  const focused = selectPane(state) === 'questions'
  const part = visiblePart(items.length, at, height - 2)
  const rows = items.slice(part.start, part.end).map((item, i) => {
    const on = part.start + i === at
    const title = sanitize(item.title)
    const right = muted(noteOf(state, item))
    const line = ends([pointer(on), gap(1), on ? bold(title, 'strong') : span(title)], [right, gap(1)], width)
    return on && focused ? selected(fitTo(line, width)) : line
  })
  return [head, emptyLine, ...rows]
}

const noteOf = (state: State, item: QueryItem): string => {
  const price = state.query.prices[item.id]
  if (price !== undefined) return formatBytes(price)
  return sanitize(state.stages.find(({ id }) => id === item.stageId)?.title ?? item.stageId).toLowerCase()
}
