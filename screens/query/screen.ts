import { formatElapsed } from '../../src/core/format.ts'
import { sanitize } from '../../src/core/sanitize.ts'
import { type TableName, tableNames } from '../../src/core/tables.ts'
import { selectIndex, selectPane, selectTail } from '../../src/engine/selectors/panes.ts'
import type { State, TableView } from '../../src/engine/state.ts'
import { rule } from '../components/glyphs.ts'
import { headline } from '../components/headline.ts'
import { beside, dividers, type Pane, ruleOver } from '../components/panes.ts'
import { problemLines } from '../components/problem-lines.ts'
import { sourceOptions } from '../components/source-line.ts'
import { panesFor, type Screen } from '../context.ts'
import { arrivalsPane } from '../stage/arrivals.ts'
import { emptyLine, exactly, faded, inset, type Line } from '../text/line.ts'
import { answerPane } from './answer-pane.ts'
import { dialectOf, meterBlock, meterLine } from './meter.ts'
import { questionsAir, questionsHeight, questionsPane } from './questions-pane.ts'
import { type TableEntry, tablesPane } from './tables-pane.ts'

/** The warehouse: what has arrived in each table, and what it can be asked. */
export const queryScreen: Screen = (state, { columns, height }) => {
  const title = headline({
    width: columns,
    title: 'Watch it arrive',
    ...sourceOptions(state),
    activity:
      state.source === undefined
        ? undefined
        : `${sanitize(state.source.warehouse.label)} · ${dialectOf(state)} · polled, free`,
  })
  const pane = selectPane(state)
  const fits = panesFor(columns)
  const bills = state.source?.warehouse.kind === 'bigquery'
  // its block stands below the questions where the left pane has room for it
  const block = bills && fits === 3 && height - 2 >= tableHeights[0] + 1 + roomyQuestions(state) + 1 + meterHeight
  const foot = bills && !block ? [...(fits === 1 ? [] : [rule(columns)]), meterLine(state, columns)] : []
  const room = height - title.length - 1 - foot.length
  if (fits === 1) return [...title, emptyLine, ...exactly(single(state, pane, columns, room), room), ...foot]
  const widths = fits === 2 ? [46, columns - 47] : [46, Math.floor((columns - 48) / 2), Math.ceil((columns - 48) / 2)]
  const right = widths[1] ?? columns
  const left: Pane = { width: widths[0] ?? 46, rows: leftPane(state, widths[0] ?? 46, room, block) }
  const middle: Pane = {
    width: right,
    rows:
      fits === 3
        ? answerPane(state, right, room)
        : pane === 'tables'
          ? recentRows(state, right, room)
          : answerOverRecent(state, right, room),
  }
  const third = widths[2]
  const panes =
    third === undefined ? [left, middle] : [left, middle, { width: third, rows: recentRows(state, third, room) }]
  return [...title, ruleOver(columns, dividers(widths)), ...beside(panes, room), ...foot]
}

const single = (state: State, pane: string, columns: number, height: number): readonly Line[] => {
  if (pane === 'tables') {
    const tables = tablesRows(state, columns, Math.min(9, height))
    return [...tables, rule(columns), ...recentRows(state, columns, height - tables.length - 1)]
  }
  if (pane === 'result') return answerPane(state, columns, height)
  const list = questionsPane(state, columns - 1, Math.max(6, Math.floor(height * 0.44)))
  return [...list, rule(columns), ...answerPane(state, columns, height - list.length - 1)]
}

/** An answer that leaves room has the newest rows of the selected table below it, in the same place wherever it can. */
const answerOverRecent = (state: State, width: number, height: number): readonly Line[] => {
  const answer = answerPane(state, width, height)
  const top = Math.max(18, Math.floor(height * 0.58), answer.length + 1)
  if (height - top < 7) return answer
  return [...exactly(answer, top), rule(width), ...recentRows(state, width, height - top - 1)]
}

/** Rows of the tables: with air, without, without sparklines. */
const tableHeights = [14, 9, 5] as const
const meterHeight = 6

const roomyQuestions = ({ query }: State): number => questionsHeight(query.items) + questionsAir

const leftPane = (state: State, width: number, height: number, block: boolean): readonly Line[] => {
  const needed = questionsHeight(state.query.items)
  const most = tableHeights.find((one) => height - one - 1 >= needed) ?? (height >= 24 ? 9 : 5)
  const tables = exactly(tablesRows(state, width, most), most)
  const room = height - tables.length - 1
  if (!block) return [...tables, rule(width), ...questionsPane(state, width, room)]
  const list = exactly(questionsPane(state, width, roomyQuestions(state)), room - meterHeight - 1)
  return [...tables, rule(width), ...list, rule(width), ...meterBlock(state, width)]
}

const tablesRows = (state: State, width: number, height: number): readonly Line[] => {
  const { failure, byName, receivedAt } = state.tables
  if (failure !== undefined && receivedAt === undefined)
    return problemLines(failure.problem, width - 4, height).map((row) => inset(row, width, 2))
  const entries = tableNames.map((name) => toEntry(byName[name], state.clock.now))
  const rows = tablesPane(entries, {
    width,
    height,
    selected: selectIndex(state, 'tables'),
    focused: selectPane(state) === 'tables',
  })
  return failure === undefined ? rows : rows.map(faded)
}

const toEntry = (table: TableView, now: number): TableEntry => ({
  name: table.name,
  rows: table.rows,
  bytes: table.bytes,
  changed:
    table.changedAt === undefined ? '—' : now - table.changedAt < 3000 ? 'now' : formatElapsed(now - table.changedAt),
  rates: table.rate.map((rate) => rate ?? undefined),
  strays: table.strays,
})

const recentRows = (state: State, width: number, height: number): readonly Line[] => {
  const table: TableName = tableNames[selectIndex(state, 'tables')] ?? 'raw_logs'
  return arrivalsPane(selectTail(state, table), {
    table,
    width: width - 2,
    height,
    empty: 'Empty. Run the stage that writes it: its number key goes there, Space starts it.',
    focused: false,
  }).map((row) => inset(row, width))
}
