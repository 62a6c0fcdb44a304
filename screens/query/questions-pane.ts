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

/** A row of the list: a question by its index, the head of a group, or nothing. */
type Entry = { readonly item: QueryItem; readonly index: number } | { readonly group: string } | 'space'

const isOnNodes = ({ merge }: QueryItem): boolean => merge !== undefined

/** Rows in which all questions are in sight: a head, the questions, the head of those to the nodes. */
export const questionsHeight = (items: readonly QueryItem[]): number =>
  1 + items.length + (items.some(isOnNodes) ? 1 : 0)

/** Rows that set heads apart, where there is room for all. */
export const questionsAir = 3

/** Questions to the nodes stand in a group of their own, behind those to the warehouse; `spare` rows set it apart. */
const entriesOf = (items: readonly QueryItem[], spare: number): readonly Entry[] =>
  items.flatMap((item, index): readonly Entry[] => {
    const before = items[index - 1]
    const first = isOnNodes(item) && (before === undefined || !isOnNodes(before))
    const space = (needed: number) => (spare >= needed ? (['space'] as const) : [])
    return [...(first ? [...space(1), { group: 'On the nodes' }, ...space(3)] : []), { item, index }]
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
  const spare = height - questionsHeight(items)
  const air: readonly Line[] = spare >= 2 ? [emptyLine] : []
  const entries = entriesOf(items, spare)
  const selectedEntry = entries.findIndex((entry) => entry !== 'space' && 'item' in entry && entry.index === at)
  const room = height - 1 - air.length
  const part = visiblePart(entries.length, selectedEntry, spare < 0 ? room - 1 : room)
  const rows = entries.slice(part.start, part.end).map((entry) => {
    if (entry === 'space') return emptyLine
    if ('group' in entry) return ends([gap(2), span(entry.group)], [muted('free'), gap(1)], width)
    const { item, index } = entry
    const on = index === at
    const title = sanitize(item.title)
    const right = muted(noteOf(state, item, { width, grouped: spare >= 0 }))
    const line = ends([pointer(on), gap(1), on ? bold(title, 'strong') : span(title)], [right, gap(1)], width)
    return on && focused ? selected(fitTo(line, width)) : line
  })
  const hidden = [...entries.slice(0, part.start), ...entries.slice(part.end)]
  return [head, ...air, ...rows, ...(spare < 0 ? [moreLine(hidden)] : [])]
}

/** What has no room, so that nobody takes the list for all there is. */
const moreLine = (hidden: readonly Entry[]): Line => {
  const items = hidden.flatMap((entry) => (entry !== 'space' && 'item' in entry ? [entry.item] : []))
  const onNodes = items.filter(isOnNodes).length
  const which = onNodes === 0 ? '' : `, ${onNodes} of them on the nodes`
  return items.length === 0 ? emptyLine : [gap(2), muted(`${items.length} more${which}`)]
}

const noteOf = (
  state: State,
  item: QueryItem,
  { width, grouped }: { readonly width: number; readonly grouped: boolean },
): string => {
  if (item.merge !== undefined) return grouped ? '' : 'nodes'
  const price = state.query.prices[item.id]
  if (price !== undefined)
    return width >= 70 || price.billedBytes === 0 ? inMoney(price.billedBytes) : formatMemory(price.billedBytes)
  return sanitize(state.stages.find(({ id }) => id === item.stageId)?.title ?? '').toLowerCase()
}
