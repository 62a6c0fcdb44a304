import { formatMemory } from '../../src/core/format.ts'
import { sanitize } from '../../src/core/sanitize.ts'
import { inMoney } from '../../src/engine/cost/guard.ts'
import type { QueryItem } from '../../src/engine/query-state.ts'
import { selectIndex, selectPane } from '../../src/engine/selectors/panes.ts'
import type { State } from '../../src/engine/state.ts'
import { pointer } from '../components/glyphs.ts'
import { visiblePart } from '../components/table.ts'
import { bold, emptyLine, ends, fitTo, gap, type Line, muted, selected, span } from '../text/line.ts'
import { dialectOf } from './meter.ts'

/** Rows from which on groups are set apart. */
const roomy = 10

/** A row of the list: a question by its index, the head of a group, or nothing. */
type Entry = { readonly item: QueryItem; readonly index: number } | { readonly group: string } | 'space'

/** Questions to the nodes stand in a group of their own, behind those to the warehouse. */
const entriesOf = (items: readonly QueryItem[], height: number): readonly Entry[] =>
  items.flatMap((item, index): readonly Entry[] => {
    const first = item.merge !== undefined && items[index - 1]?.merge === undefined
    const space = height >= roomy ? (['space'] as const) : []
    return [...(first ? [...space, { group: 'On the nodes' }, ...space] : []), { item, index }]
  })

/** The questions of all stages, each with the stage it belongs to, or with what it would bill; then those to the nodes. */
export const questionsPane = (state: State, width: number, height: number): readonly Line[] => {
  const { items, prices } = state.query
  const priced = Object.keys(prices).length > 0
  const head = ends(
    [gap(2), span('Questions'), muted(` in ${dialectOf(state)}`)],
    [muted(priced ? 'bills' : 'stage'), gap(1)],
    width,
  )
  if (items.length === 0) return [head, emptyLine, [gap(2), muted('No stage has a question.')]]
  const at = selectIndex(state, 'questions')
  const focused = selectPane(state) === 'questions'
  const entries = entriesOf(items, height)
  const selectedEntry = entries.findIndex((entry) => entry !== 'space' && 'item' in entry && entry.index === at)
  const part = visiblePart(entries.length, selectedEntry, height - 2)
  const rows = entries.slice(part.start, part.end).map((entry) => {
    if (entry === 'space') return emptyLine
    if ('group' in entry) return ends([gap(2), span(entry.group)], [muted('free'), gap(1)], width)
    const { item, index } = entry
    const on = index === at
    const title = sanitize(item.title)
    const right = muted(noteOf(state, item, { width, height }))
    const line = ends([pointer(on), gap(1), on ? bold(title, 'strong') : span(title)], [right, gap(1)], width)
    return on && focused ? selected(fitTo(line, width)) : line
  })
  return [head, emptyLine, ...rows]
}

const noteOf = (
  state: State,
  item: QueryItem,
  { width, height }: { readonly width: number; readonly height: number },
): string => {
  if (item.merge !== undefined) return height >= roomy ? '' : 'nodes'
  const price = state.query.prices[item.id]
  if (price !== undefined)
    return width >= 70 || price.billedBytes === 0 ? inMoney(price.billedBytes) : formatMemory(price.billedBytes)
  return sanitize(state.stages.find(({ id }) => id === item.stageId)?.title ?? '').toLowerCase()
}
