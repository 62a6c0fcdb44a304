import type { Totals } from '../../core/report.ts'
import type { StageRun, State } from '../state.ts'
import { addTotals, allRows, netTotals } from '../totals.ts'
import { selectWindows } from './windows.ts'

/** Dollars a GB and month of active logical storage in BigQuery; loading is free: https://cloud.google.com/bigquery/pricing#storage */
const storageDollars = 0.02

/** What BigQuery bills for keeping that many bytes for a month, in dollars. */
export const storageDollarsOf = (bytes: number): number => (bytes / 1e9) * storageDollars

export interface StageSummary {
  readonly stageId: string
  readonly title: string
  readonly digit?: string
  readonly run: StageRun
  /** Sums over all runs of this epoch. */
  readonly totals: Totals
  readonly rows: number
  /** Bytes sent as a share of the bytes that this stage read itself, 0 to 1 and more; undefined while it read none. */
  readonly share?: number
  /** What BigQuery would bill for keeping what was sent for a month, in dollars. */
  readonly storageDollars: number
}

const hasRun = (run: StageRun): boolean => run.runs > 0 || run.totals.chunks > 0 || run.phase === 'ended'

/** What every stage that has run came to, in the order of the stages. */
export const selectSummaries = (state: State): readonly StageSummary[] =>
  state.stages.flatMap(({ id, title }) => {
    const run = state.runs[id]
    if (run === undefined || !hasRun(run)) return []
    const totals = netTotals(addTotals(run.before, run.totals))
    const digit = state.steps.find((step) => step.id === id)?.digit
    return {
      stageId: id,
      title,
      ...(digit === undefined ? {} : { digit }),
      run,
      totals,
      rows: allRows(totals),
      ...(totals.bytes_read > 0 ? { share: totals.bytes_sent / totals.bytes_read } : {}),
      storageDollars: storageDollarsOf(totals.bytes_sent),
    }
  })

export interface LogsSummary {
  readonly lines: number
  readonly bytes: number
}

/** The logs as they lie, 100 %: the most that a stage has read, or what the nodes tell before any has. */
export const selectLogs = (state: State): LogsSummary => {
  const most = selectSummaries(state).toSorted((a, b) => b.totals.bytes_read - a.totals.bytes_read)[0]
  if (most !== undefined && most.totals.bytes_read > 0)
    return { lines: most.totals.lines_read, bytes: most.totals.bytes_read }
  return state.nodes.rows.reduce(
    (sum, { log }) => ({ lines: sum.lines + (log?.lines ?? 0), bytes: sum.bytes + (log?.bytes ?? 0) }),
    { lines: 0, bytes: 0 },
  )
}

const tally = (values: readonly string[]): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
}

/** Emergencies a kind, the most frequent first, over the rows that were read. */
export const selectEmergencyKinds = (state: State): readonly (readonly [string, number])[] =>
  tally(state.tables.byName.emergency_logs.tail.map((row) => String(row['kind'] ?? '')))

export interface FailingEndpoint {
  /** Start of the window, ISO 8601 in UTC. */
  readonly window: string
  readonly endpoint: string
  readonly lines: number
}

const counted = new WeakMap<State['tables'], readonly FailingEndpoint[]>()

/** 5xx lines an endpoint and window, the most frequent first. */
export const selectFailingEndpoints = (state: State): readonly FailingEndpoint[] => {
  const known = counted.get(state.tables)
  if (known !== undefined) return known
  const found = countEndpoints(state)
  counted.set(state.tables, found)
  return found
}

const countEndpoints = (state: State): readonly FailingEndpoint[] => {
  const starts = selectWindows(state).map(({ start }) => start)
  const keys = state.tables.byName.emergency_logs.tail
    .filter((row) => row['kind'] === 'critical error')
    .map((row) => {
      const at = String(row['timestamp'] ?? '')
      const path = /(?:^|\s)(\/[^\s?]*)/.exec(String(row['message'] ?? ''))?.[1]
      return `${starts.findLast((start) => start <= at) ?? at}\n${path ?? 'other requests'}`
    })
  return tally(keys).map(([key, lines]) => {
    const [window = '', endpoint = ''] = key.split('\n')
    return { window, endpoint, lines }
  })
}
