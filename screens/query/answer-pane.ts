import { formatBytes, formatCount, formatDuration, formatElapsed, formatMemory } from '../../src/core/format.ts'
import { sanitize } from '../../src/core/sanitize.ts'
import { truncate } from '../../src/core/width.ts'
import { inMoney, limitOf } from '../../src/engine/cost/guard.ts'
import type { Price } from '../../src/engine/cost/price.ts'
import { leftOf } from '../../src/engine/cost/spend.ts'
import { byReason } from '../../src/engine/edge/ask-edge.ts'
import type { NodesAsked, QueryAnswer, QueryItem } from '../../src/engine/query-state.ts'
import { findQuery, selectAnswerRows } from '../../src/engine/selectors/answer.ts'
import { selectIndex, selectPane, selectSelected } from '../../src/engine/selectors/panes.ts'
import type { State } from '../../src/engine/state.ts'
import { glyph, rule, spinner } from '../components/glyphs.ts'
import { problemLines } from '../components/problem-lines.ts'
import { readProblem } from '../components/source-line.ts'
import { bold, emptyLine, ends, gap, inset, type Line, muted, span, strong, wrapText } from '../text/line.ts'
import { resultTable } from './result-table.ts'
import { questionLines } from './sql.ts'

/** The selected question, its SQL and its answer; at most `height` rows of exactly `width` cells. */
export const answerPane = (state: State, width: number, height: number): readonly Line[] => {
  const item = findQuery(state, selectSelected(state, 'questions'))
  if (item === undefined) return [inset([muted('No question is selected.')], width)]
  const inner = width - 2
  if (height < 14) return compactAnswer(state, item, width, height)
  const why = wrapText(sanitize(item.why), inner).slice(0, 2)
  const natural = naturalHeight(state, item, inner, height)
  const sql = sqlRows(state, item, {
    width: inner - 2,
    room: Math.max(2, Math.floor(height / 4), height - 5 - why.length - natural),
  })
  const head: readonly Line[] = [
    inset(ends([span(sanitize(item.title))], statsOf(state, item), inner), width),
    ...why.map((row) => inset([muted(row)], width)),
    emptyLine,
    ...sql.map((row) => inset([span('│ ', 'rule'), ...row], width)),
    ...(height >= 22 ? [emptyLine] : []),
    rule(width),
  ]
  const body = answerRows(state, item, inner, height - head.length)
  return [...head, ...body.map((row) => inset(row, width))]
}

const compactAnswer = (state: State, item: QueryItem, width: number, height: number): readonly Line[] => {
  const inner = width - 2
  const head = [ends([span(sanitize(item.title))], statsOf(state, item), inner), [muted(sanitize(item.why))], emptyLine]
  return [...head, ...answerRows(state, item, inner, height - head.length)].map((row) => inset(row, width))
}

/** Rows that the answer would take if it had the pane for itself. */
const naturalHeight = (state: State, item: QueryItem, width: number, height: number): number => {
  const { answer } = state.query
  const isShown = answer?.queryId === item.id && answer.nodes === undefined
  return isShown && answer.result.rows.length >= height ? height : answerRows(state, item, width, height).length
}

const sqlRows = (
  state: State,
  item: QueryItem,
  { width, room }: { readonly width: number; readonly room: number },
): readonly Line[] => {
  const rows = questionLines(item, state, width)
  return rows.length <= room ? rows : [...rows.slice(0, room - 1), [muted('… x shows all of it')]]
}

const statsOf = (state: State, item: QueryItem): Line => {
  const { running, answer, prices, offer } = state.query
  const asked = running?.nodes
  if (running?.queryId === item.id) {
    const elapsed = state.clock.now - running.startedAt
    const done = asked === undefined ? '' : `${asked.answered + asked.failed.length} of ${nodesIn(asked.asked)} · `
    return [spinner(elapsed), muted(` ${done}${formatElapsed(elapsed)}`), gap(1)]
  }
  if (offer?.queryId === item.id) return [bold(`bills ${inMoney(offer.price.billedBytes)}: Enter runs it`, 'warn')]
  if (answer?.queryId === item.id) {
    const { result, nodes } = answer
    if (nodes !== undefined) return nodesLine(nodes, result.ms)
    return [muted(`${billedText(result, state)} · ${formatDuration(result.ms)}`)]
  }
  if (item.merge !== undefined) return [muted(`Enter asks ${nodesIn(connectedIn(state))}`)]
  const price = prices[item.id]
  if (price !== undefined) return [muted(`bills ${inMoney(price.billedBytes)}`)]
  return [muted(bills(state) ? 'Enter shows its price' : 'Enter runs it')]
}

const bills = ({ source }: State): boolean => source?.warehouse.kind === 'bigquery'

const billedText = ({ bytesProcessed, bytesBilled }: QueryAnswer['result'], state: State): string => {
  const read = bytesProcessed === undefined ? '' : `read ${formatMemory(bytesProcessed)} · `
  if (bytesBilled !== undefined) return `${read}billed ${inMoney(bytesBilled)}`
  return `${read}billed ${bills(state) ? 'unknown' : '0 B'}`
}

const nodesIn = (count: number): string => `${formatCount(count)} ${count === 1 ? 'node' : 'nodes'}`

const connectedIn = (state: State): number => state.nodes.rows.filter((node) => node.state === 'connected').length

const nodesLine = ({ asked, answered, failed, bytesRead }: NodesAsked, ms: number): Line => {
  const who = failed.length === 0 ? nodesIn(answered) : `${formatCount(answered)} of ${nodesIn(asked)}`
  return [
    span(who, failed.length === 0 ? 'muted' : 'warn'),
    muted(` · ${formatBytes(bytesRead)} read there · ${formatDuration(ms)}`),
  ]
}

/** What is not in the answer, in words. */
const missingRows = ({ failed, cut }: NodesAsked, width: number): readonly Line[] => {
  const [first] = byReason(failed)
  const more = failed.length - 1
  const who =
    first === undefined ? '' : `${first[1][0] ?? ''}${more > 0 ? ` and ${formatCount(more)} more` : ''}: ${first[0]}`
  return [
    ...(first === undefined ? [] : [[glyph('bad'), gap(1), span(truncate(sanitize(who), width - 2), 'bad')]]),
    ...(cut === 0
      ? []
      : [[glyph('warn'), gap(1), span(truncate(`${nodesIn(cut)} gave only the first rows`, width - 2), 'warn')]]),
  ]
}

/** Whether the pane tells what cannot be read, because it has nothing else to tell. */
export const tellsProblem = (state: State): boolean => {
  const { answer, running, problem, offer } = state.query
  const item = findQuery(state, selectSelected(state, 'questions'))
  if (item === undefined || item.merge !== undefined || readProblem(state) === undefined) return false
  return [answer, running, problem, offer].every((one) => one?.queryId !== item.id)
}

const answerRows = (state: State, item: QueryItem, width: number, height: number): readonly Line[] => {
  const { answer, running, problem, view, offer } = state.query
  if (offer?.queryId === item.id && running === undefined) return offerRows(offer.price, state, width)
  if (problem?.queryId === item.id) return problemLines(problem.problem, width, height)
  if (answer?.queryId !== item.id) {
    if (running?.queryId === item.id)
      return [[muted(running.pricing ? 'BigQuery is asked what it costs, which is free.' : workingOn(item, state))]]
    const silent = readProblem(state)
    if (silent !== undefined && tellsProblem(state)) return problemLines(silent, width, height)
    return wrapText(unasked(item, state), width).map((row) => [muted(row)])
  }
  const result = { ...answer.result, rows: selectAnswerRows(state) }
  const missing = answer.nodes === undefined ? [] : missingRows(answer.nodes, width)
  const table = resultTable(result, {
    width,
    height: height - missing.length,
    selected: selectIndex(state, 'result'),
    focused: selectPane(state) === 'result',
    chart: view === 'chart',
    sort: state.query.sort,
  })
  return [...missing, ...table]
}

/** What a person says yes to with the second Enter. */
const offerRows = (price: Price, state: State, width: number): readonly Line[] => {
  const { bytes, billedBytes } = price
  const left = leftOf(state.spend)
  return [
    [span('Reads '), strong(formatMemory(bytes)), span(' and bills '), strong(inMoney(billedBytes)), span('.')],
    ...wrapText(
      `BigQuery counts whole MB, 10 MB a table at least; 1 TB a month is free. Above ${formatMemory(limitOf(price, left))} it is refused and bills nothing; the budget has ${formatMemory(left)} left.`,
      width,
    ).map((row): Line => [muted(row)]),
    emptyLine,
    [bold('Enter', 'plain'), muted(' runs it'), gap(4), bold('Esc', 'plain'), muted(' leaves it')],
  ]
}

const workingOn = ({ merge }: QueryItem, state: State): string => {
  const who = merge === undefined ? `${bills(state) ? 'BigQuery' : 'The warehouse'} is` : 'The nodes are'
  return `${who} working on it; Esc stops it.`
}

const unasked = ({ merge }: QueryItem, state: State): string =>
  merge === undefined
    ? bills(state)
      ? 'No answer yet. Enter asks BigQuery what it costs, which is free; a second Enter runs it at that price.'
      : 'No answer yet. Enter asks the warehouse, which bills nothing.'
    : `No answer yet. Enter sends it as a job to ${nodesIn(connectedIn(state))}: each reads its own log where it lies, and only the rows of the answer travel. The warehouse is not asked and bills nothing.`
