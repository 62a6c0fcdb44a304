import type { ShownJob } from '../../src/core/job.ts'
import { takeCells } from '../../src/core/width.ts'
import { findQuery } from '../../src/engine/selectors/answer.ts'
import { selectSelected, selectStep } from '../../src/engine/selectors/panes.ts'
import type { State } from '../../src/engine/state.ts'
import { questionLines, sqlLines, typedSql } from '../query/sql.ts'
import { clean, cleanWhole } from '../text/clean.ts'
import { bold, emptyLine, type Line, muted, span, strong } from '../text/line.ts'

/** The exact command or SQL behind what the screen shows, to be typed as it stands. */
export const commandPage = (state: State, width: number, shown?: ShownJob): readonly Line[] => {
  const step = selectStep(state)
  if (step.kind === 'query') return queryPage(state)
  const sent = state.runs[step.id]?.job
  const job = sent ?? shown
  if (job === undefined) return [[muted('Nothing has been sent from here yet. Space sends it; then x shows the line.')]]
  const here = [
    [strong(sent === undefined ? 'The line that Space would run' : 'The line that ran')],
    ...shellRows(job.command, width),
  ]
  if (job.clusterCommand === undefined) return here
  return [
    ...here,
    emptyLine,
    [strong('The same on a cluster'), muted('  not run here')],
    ...shellRows(job.clusterCommand, width),
  ]
}

const queryPage = (state: State): readonly Line[] => {
  const item = findQuery(state, selectSelected(state, 'questions'))
  if (item === undefined) return [[muted('No question is selected.')]]
  const { answer } = state.query
  if (item.merge !== undefined) return [[bold(clean(item.title), 'strong')], emptyLine, ...questionLines(item, state)]
  const sql = answer?.queryId === item.id ? answer.sql : item.sql
  return [[bold(clean(item.title), 'strong')], emptyLine, ...sqlLines(typedSql(sql, state))]
}

/** A command in rows that a shell joins again, at most `width` cells wide. */
export const shellRows = (command: string, width: number): readonly Line[] => {
  const rows: Line[] = []
  let rest = cleanWhole(command)
  while (rest !== '') {
    const taken = takeCells(rest, width - 2).text
    const piece = taken === '' ? takeCells(rest, 2).text || rest : taken
    const space = piece.lastIndexOf(' ')
    const cut = piece.length < rest.length && space > width / 3 ? piece.slice(0, space + 1) : piece
    rest = rest.slice(cut.length)
    const joint = cut.endsWith(' ') ? ' \\' : '\\'
    rows.push([span(cut.trimEnd(), 'accent'), muted(rest === '' ? '' : joint)])
  }
  return rows
}
