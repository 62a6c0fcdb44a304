import { formatBytes, formatDuration, formatElapsed } from '../../src/core/format.ts'
import { sanitize } from '../../src/core/sanitize.ts'
import { findQuery, selectAnswerRows } from '../../src/engine/selectors/answer.ts'
import { selectIndex, selectPane, selectSelected } from '../../src/engine/selectors/panes.ts'
import type { QueryItem, State } from '../../src/engine/state.ts'
import { rule, spinner } from '../components/glyphs.ts'
import { problemLines } from '../components/problem-lines.ts'
import { emptyLine, ends, gap, inset, type Line, muted, span } from '../text/line.ts'
import { resultTable } from './result-table.ts'
import { sqlLines, typedSql } from './sql.ts'

/** The selected question, its SQL and its answer; rows of exactly `width` cells. */
export const answerPane = (state: State, width: number, height: number): readonly Line[] => {
  const item = findQuery(state, selectSelected(state, 'questions'))
  if (item === undefined) return [inset([muted('No question is selected.')], width)]
  const inner = width - 2
  if (height < 14) return compactAnswer(state, item, width, height)
  const sql = sqlRows(state, item, height)
  const head: readonly Line[] = [
    inset(ends([span(sanitize(item.title))], statsOf(state, item), inner), width),
    inset([muted(sanitize(item.why))], width),
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

const sqlRows = (state: State, item: QueryItem, height: number): readonly Line[] => {
  const room = Math.max(2, Math.floor(height / 4))
  const rows = sqlLines(typedSql(item.sql, state))
  return rows.length <= room ? rows : [...rows.slice(0, room - 1), [muted('… x shows all of it')]]
}

const statsOf = (state: State, item: QueryItem): Line => {
  const { running, answer, prices } = state.query
  if (running?.queryId === item.id) {
    const elapsed = state.clock.now - running.startedAt
    return [spinner(elapsed), muted(` ${formatElapsed(elapsed)}`), gap(1)]
  }
  if (answer?.queryId === item.id) {
    const { result } = answer
    const read = result.bytesProcessed === undefined ? '' : `processed ${formatBytes(result.bytesProcessed)} · `
    const billed = `billed ${formatBytes(result.bytesBilled ?? 0)} · `
    return [muted(`${read}${billed}${formatDuration(result.ms)}`)]
  }
  const price = prices[item.id]
  return [muted(price === undefined ? 'Enter runs it' : `Enter runs it, reads ${formatBytes(price)}`)]
}

const answerRows = (state: State, item: QueryItem, width: number, height: number): readonly Line[] => {
  const { answer, running, problem, view } = state.query
  if (problem?.queryId === item.id) return problemLines(problem.problem, width, height)
  if (answer?.queryId !== item.id) {
    if (running?.queryId === item.id) return [[muted('The warehouse is working on it; Esc stops it.')]]
    return [[muted('No answer yet. Enter asks the warehouse.')]]
  }
  const result = { ...answer.result, rows: selectAnswerRows(state) }
  return resultTable(result, {
    width,
    height,
    selected: selectIndex(state, 'result'),
    focused: selectPane(state) === 'result',
    chart: view === 'chart',
    sort: state.query.sort,
  })
}
