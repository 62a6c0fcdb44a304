import type { Totals } from '../../src/core/report.ts'
import { sanitize } from '../../src/core/sanitize.ts'
import { selectWindows } from '../../src/engine/selectors/windows.ts'
import type { StageRun, State } from '../../src/engine/state.ts'
import { addTotals, allRows } from '../../src/engine/totals.ts'
import type { Bar } from '../components/bars.ts'
import { textOf } from '../text/values.ts'
import type { LogFigures, StageFigures } from './comparison.ts'

/** A stage that has run, with its sums over all runs of this epoch. */
export interface RanStage {
  readonly label: string
  readonly run: StageRun
  readonly totals: Totals
}

const hasRun = (run: StageRun): boolean => run.runs > 0 || run.totals.chunks > 0 || run.phase === 'ended'

/** The stages that have run, in their order. */
export const ranStages = (state: State): readonly RanStage[] =>
  state.stages.flatMap(({ id }) => {
    const run = state.runs[id]
    if (run === undefined || !hasRun(run)) return []
    return [{ label: labelOf(state, id), run, totals: addTotals(run.before, run.totals) }]
  })

const labelOf = (state: State, id: string): string => {
  const step = state.steps.find((one) => one.id === id)
  const title = sanitize(step?.title ?? id)
  return step?.digit === undefined ? title : `${step.digit} ${title}`
}

/** Every stage for the comparison; one that has not run has no figures. */
export const stageFigures = (state: State): readonly StageFigures[] => {
  const ran = ranStages(state)
  return state.stages.map(({ id }) => {
    const found = ran.find(({ run }) => run.stageId === id)
    if (found === undefined) return { label: labelOf(state, id) }
    const { totals, run, label } = found
    return {
      label,
      rows: allRows(totals),
      sentBytes: totals.bytes_sent,
      readBytes: totals.bytes_read,
      fullAddresses: totals.full_addresses,
      ms: run.ms,
    }
  })
}

/** The logs as they lie: the most that a stage has read, or what the nodes tell before any has. */
export const logFigures = (state: State): LogFigures | undefined => {
  const most = ranStages(state).toSorted((a, b) => b.totals.bytes_read - a.totals.bytes_read)[0]
  if (most !== undefined) return { lines: most.totals.lines_read, bytes: most.totals.bytes_read }
  const logs = state.nodes.rows.flatMap(({ log }) => (log === undefined ? [] : [log]))
  if (logs.length === 0) return undefined
  return {
    lines: logs.reduce((sum, log) => sum + (log.lines ?? 0), 0),
    bytes: logs.reduce((sum, log) => sum + log.bytes, 0),
  }
}

const tally = (values: readonly string[]): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
}

/** Emergencies among the newest rows, a kind a bar. */
export const emergencyKinds = (state: State): readonly Bar[] =>
  tally(state.tables.byName.emergency_logs.tail.map((row) => textOf(row, 'kind'))).map(([label, value]) => ({
    label,
    value,
    role: label === 'security alert' ? 'warn' : 'bad',
  }))

/** 5xx lines among the newest emergencies, an endpoint and window a bar. */
export const failingEndpoints = (state: State): readonly Bar[] => {
  const windows = selectWindows(state).map(({ start }) => start)
  const keys = state.tables.byName.emergency_logs.tail
    .filter((row) => textOf(row, 'kind') === 'critical error')
    .map((row) => {
      const at = textOf(row, 'timestamp')
      const start = windows.findLast((window) => window <= at) ?? at
      return `${start.slice(11, 16)} ${endpointOf(textOf(row, 'message'))}`
    })
  return tally(keys).map(([key, value]) => ({ label: key.slice(6), detail: key.slice(0, 5), value, role: 'bad' }))
}

const endpointOf = (message: string): string => {
  const path = /(?:^|\s)(\/[^\s?]*)/.exec(message)?.[1]
  return path ?? message
}
