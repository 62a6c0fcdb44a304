import type { Detected } from '../../src/core/detected.ts'
import { formatCount, formatDuration, formatElapsed } from '../../src/core/format.ts'
import { isBad } from '../../src/core/job.ts'
import type { Totals } from '../../src/core/report.ts'
import { sanitize } from '../../src/core/sanitize.ts'
import type { Stage } from '../../src/core/stage.ts'
import type { TableName } from '../../src/core/tables.ts'
import { linesWaitText } from '../../src/core/waiting-text.ts'
import type { Problem } from '../../src/engine/problem.ts'
import { rowId } from '../../src/engine/rows.ts'
import { selectNodes, selectRunNodes } from '../../src/engine/selectors/nodes.ts'
import { selectLeftRefused } from '../../src/engine/selectors/refusals.ts'
import { selectLoads, selectWatching } from '../../src/engine/selectors/spend.ts'
import type { RunNode, StageRun, State } from '../../src/engine/state.ts'
import { clean } from '../text/clean.ts'
import { type Row, textOf } from '../text/values.ts'
import type { EmergencyRow } from './emergencies.ts'
import type { NodeRow } from './node-table.ts'
import type { StripFigures } from './strip.ts'

/** Rows that a report or its sums name, over all tables. */
const allRows = (rows: Readonly<Record<string, number>>): number => Object.values(rows).reduce((sum, n) => sum + n, 0)

const sumOf = (run: StageRun, field: Exclude<keyof Totals, 'rows' | 'rejected' | keyof Detected>): number =>
  run.before[field] + run.totals[field]

/** Rows that a stage wrote into a table, over all runs of this epoch. */
export const rowsIn = (run: StageRun, table: string): number =>
  (run.before.rows[table] ?? 0) + (run.totals.rows[table] ?? 0)

/** The nodes of the last run; before the first one, those that it would be sent to. */
export const nodeRows = (state: State, run: StageRun, { sorted } = { sorted: true }): readonly NodeRow[] => {
  if (run.nodes.length > 0)
    return (sorted ? selectRunNodes(state, run.stageId) : run.nodes).map((node) => toRow(node, state.clock.now))
  const word = run.runs > 0 ? 'done before' : 'ready'
  return selectNodes(state).map((node) => ({
    id: sanitize(node.id),
    provider: node.provider,
    region: sanitize(node.region),
    state: node.state === 'lost' ? 'lost' : 'waiting',
    ...(node.state === 'lost' ? { reason: 'not connected: the job goes to the others' } : { word }),
  }))
}

const toRow = (node: RunNode, now: number): NodeRow => {
  const { report, progress } = node
  const since = node.startedAt === undefined ? undefined : (node.endedAt ?? now) - node.startedAt
  return {
    id: sanitize(node.id),
    provider: node.provider,
    region: sanitize(node.region),
    state: node.state,
    reason: node.reason === undefined ? undefined : clean(node.reason),
    share:
      progress === undefined || progress.bytes_total === 0 ? undefined : progress.bytes_read / progress.bytes_total,
    lines: report?.lines_read ?? progress?.lines_read,
    rows: report === undefined ? undefined : allRows(report.rows),
    masked: report?.masked,
    sentBytes: report?.bytes_sent,
    silentMs: node.silentSince === undefined ? undefined : Math.max(0, now - node.silentSince),
    ms: node.state === 'running' ? since : (report?.ms ?? since),
  }
}

const endOf = (run: StageRun): string =>
  run.problem === undefined && run.nodes.every(({ state }) => state === 'done') ? 'done' : 'ended'

/** What a stage is doing, for the right of the headline. */
export const activityOf = (run: StageRun, now: number): string => {
  const job = run.job === undefined ? '' : `job ${sanitize(run.job.jobId).slice(0, 10)} · `
  const again = run.keep?.nextAt === undefined ? '' : ` · again in ${formatElapsed(Math.max(0, run.keep.nextAt - now))}`
  switch (run.phase) {
    case 'idle':
      return run.runs > 0 ? `done in ${formatDuration(run.ms)}` : 'not sent yet'
    case 'launching':
      return `sending ${formatElapsed(now - (run.requestedAt ?? now))}`
    case 'running':
      return `${job}${formatElapsed(now - (run.requestedAt ?? now))}`
    case 'ended':
      return `${job}${endOf(run)} in ${formatDuration((run.endedAt ?? now) - (run.requestedAt ?? run.endedAt ?? now))}${again}`
  }
}

/** What stopped most of the nodes that failed in a run that has ended; undefined when none did. */
export const failuresOf = (run: StageRun): Problem | undefined => {
  const failed = run.nodes.filter(({ state }) => isBad(state) && state !== 'unparsed')
  if (run.phase !== 'ended' || failed.length === 0) return undefined
  const most = mostOf(failed.map(({ reason, state }) => reason ?? state))
  const who = failed.length === 1 ? (failed[0]?.id ?? '') : `${failed.length} of ${run.nodes.length} nodes`
  const [what = '', ...why] = most.split(/(?<=[.!?]) (?=[A-Z])/)
  return {
    what: `${who} ${failed.length === 1 ? 'has' : 'have'} failed: ${what}`,
    ...(why.length === 0 ? {} : { why: why.join(' ') }),
    next: ['Enter on a node tells the rest; r runs it again from where it stopped.'],
    kind: 'failed',
  }
}

/** The first of the most frequent reasons; names and numbers in them make no difference. */
const mostOf = (reasons: readonly string[]): string => {
  const groups = Map.groupBy(reasons, (reason) => reason.replaceAll(/\S+/g, (word) => (/\d/.test(word) ? '#' : word)))
  const largest = [...groups.values()].reduce((most, group) => (group.length > most.length ? group : most))
  return largest[0] ?? ''
}

/** What the message line says about a run that took only what was new. */
export const newOnly = (run: StageRun, now: number): string | undefined => {
  if (run.phase !== 'ended' || run.runs < 2) return undefined
  const { lines_read: lines, lines_waiting, sent_in_ms } = run.totals
  if (lines_waiting > 0) {
    const left = run.keep && sent_in_ms - (now - (run.endedAt ?? now))
    return `Ran again: ${formatCount(lines)} new lines were taken; ${linesWaitText(lines_waiting, left)}.`
  }
  const left = selectLeftRefused(run)
  if (left > 0) return `Ran again: nothing new; ${formatCount(left)} stay refused: bbq rejects --retry.`
  return lines === 0
    ? 'Ran again: the logs hold nothing new, so nothing was sent.'
    : `Ran again: only what is new was taken, ${formatCount(lines)} lines.`
}

/** The table that tells a stage's story: windows where there are any. */
const mainTable = (stage: Stage): TableName =>
  stage.outputs.find((output) => output.table === 'log_aggregates')?.table ?? stage.outputs[0]?.table ?? 'raw_logs'

/** The tables of a stage, the one that tells its story first. */
export const tablesOf = (stage: Stage): readonly TableName[] => {
  const main = mainTable(stage)
  return [main, ...stage.outputs.map((output) => output.table).filter((table) => table !== main)]
}

/** The figures of the strip, over all runs of this epoch. */
export const stripFigures = (state: State, stage: Stage, run: StageRun): StripFigures => {
  const table = mainTable(stage)
  const emergencies = stage.outputs.some((output) => output.table === 'emergency_logs') && table !== 'emergency_logs'
  const done = run.nodes.filter((node) => node.state === 'done').length
  return {
    table,
    rows: rowsIn(run, table),
    emergencies: emergencies ? rowsIn(run, 'emergency_logs') : undefined,
    insteadOf: emergencies ? sumOf(run, 'lines_parsed') : undefined,
    // several stages write into one table: the curve is of the one that ran last
    rates: state.tables.writer === stage.id ? state.tables.byName[table].rate.map((rate) => rate ?? undefined) : [],
    sentBytes: sumOf(run, 'bytes_sent'),
    readBytes: sumOf(run, 'bytes_read'),
    running: run.phase === 'launching' || run.phase === 'running',
    nodesDone: done,
    nodes: run.nodes.length > 0 ? run.nodes.length : state.nodes.rows.length,
    billedBytes: selectWatching(state).billedBytes,
    ...(run.keep === undefined ? {} : { loads: selectLoads(state) }),
  }
}

/** A row of emergency_logs as its pane shows it. */
export const toEmergency = (row: Row): EmergencyRow => ({
  id: rowId('emergency_logs', row),
  at: textOf(row, 'timestamp'),
  kind: textOf(row, 'kind'),
  node: textOf(row, 'nodeName'),
  text: emergencyText(row),
})

const emergencyText = (row: Row): string => {
  const reason = textOf(row, 'reason')
  switch (textOf(row, 'kind')) {
    case 'critical error':
      return textOf(row, 'message')
    case 'security alert':
      return `${textOf(row, 'ip')}  ${reason}`.trim()
    default:
      return reason
  }
}

/** Full addresses and masked ones, stage by stage. */
export const addressFigures = (
  state: State,
): readonly { readonly stage: Stage; readonly ran: boolean; readonly full: number; readonly masked: number }[] =>
  state.stages.flatMap((stage) => {
    const run = state.runs[stage.id]
    if (run === undefined) return []
    const ran = run.runs > 0 || run.phase === 'ended' || run.totals.chunks > 0
    return [{ stage, ran, full: sumOf(run, 'full_addresses'), masked: sumOf(run, 'masked') }]
  })
