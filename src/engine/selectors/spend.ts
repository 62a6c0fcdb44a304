import { dailyQuota, loadsOf } from '../../core/bigquery/plan-loads.ts'
import { formatBytes, formatCount, formatMemory } from '../../core/format.ts'
import { tableNames } from '../../core/tables.ts'
import { tablesOfStage } from '../cost/loads.ts'
import { dollarsOf, formatDollars } from '../cost/price.ts'
import type { State } from '../state.ts'
import { storageDollarsOf } from './summary.ts'

/** What watching has asked: calls that are free, and queries, of which there should be none. */
export const selectWatching = ({
  spend: { calls, asked, watchedBytes },
}: State): { readonly calls: number; readonly queries: number; readonly billedBytes: number } => ({
  calls: calls.status + calls.tail,
  queries: Math.max(0, calls.query - asked),
  billedBytes: watchedBytes,
})

/** Load jobs of the day; undefined where rows go into files. */
export interface LoadMeter {
  /** Sent by this session so far. */
  readonly used: number
  /** A day of what is kept running. */
  readonly planned: number
  readonly quota: number
}

/** How much of a day's load jobs this session has used, and what its pace would use; undefined where nothing is loaded into BigQuery. */
export const selectLoads = (state: State): LoadMeter | undefined => {
  if (state.source?.warehouse.kind !== 'bigquery') return undefined
  const nodes = state.nodes.rows.filter((node) => node.state === 'connected').length
  const planned = state.stages.reduce((sum, stage) => {
    const keep = state.runs[stage.id]?.keep
    return keep === undefined ? sum : sum + loadsOf(nodes, { tables: tablesOfStage(stage), everyMs: keep.everyMs })
  }, 0)
  return { used: state.spend.loadJobs, planned, quota: dailyQuota.loadJobs }
}

/** What the demo came to in BigQuery, or would where rows go into files. */
export interface Costs {
  readonly storedBytes: number
  /** Of keeping what is stored for a month. */
  readonly storageDollars: number
  /** Undefined where nothing is billed. */
  readonly billed?: {
    readonly asked: number
    readonly bytes: number
    /** Bytes at most of queries that ended without a word about what they billed. */
    readonly unsureBytes: number
    readonly dollars: number
    readonly budgetBytes: number
    readonly watchedBytes: number
    readonly watchedCalls: number
    readonly loads: LoadMeter
  }
}

/** Storage, queries, watching and loads of the session in figures. */
export const selectCosts = (state: State): Costs => {
  const storedBytes = tableNames.reduce((sum, name) => sum + state.tables.byName[name].bytes, 0)
  const stored = { storedBytes, storageDollars: storageDollarsOf(storedBytes) }
  const loads = selectLoads(state)
  if (loads === undefined) return stored
  const { asked, billedBytes, unsureBytes, budgetBytes } = state.spend
  const watching = selectWatching(state)
  return {
    ...stored,
    billed: {
      asked,
      bytes: billedBytes,
      unsureBytes,
      dollars: dollarsOf(billedBytes),
      budgetBytes,
      watchedBytes: watching.billedBytes,
      watchedCalls: watching.calls,
      loads,
    },
  }
}

/** What BigQuery would bill at least for keeping packed rows: `from $0.0021 a month`. */
export const leastAMonth = (dollars: number): string =>
  dollars < 0.0001 ? 'next to nothing' : `from ${formatDollars(dollars)} a month`

/** The same as labelled sentences, for what is printed or saved. */
export const costTexts = ({ storedBytes, storageDollars, billed }: Costs): readonly (readonly [string, string])[] => {
  if (billed === undefined)
    return [['stored', `${formatBytes(storedBytes)} here, bills nothing; in BigQuery ${leastAMonth(storageDollars)}`]]
  const { asked, bytes, unsureBytes, dollars, budgetBytes, watchedBytes, watchedCalls, loads } = billed
  const unsure = unsureBytes > 0 ? ` and up to ${formatMemory(unsureBytes)} by queries that were stopped` : ''
  return [
    ['stored', `${formatBytes(storedBytes)}, ${formatDollars(storageDollars)} a month`],
    ['loading', `free; ~${formatCount(loads.used)} load jobs today of ${formatCount(loads.quota)}`],
    ['watching', `${formatMemory(watchedBytes)} billed for ${formatCount(watchedCalls)} calls`],
    [
      'queries',
      `${formatMemory(bytes)}${unsure} of ${formatMemory(budgetBytes)} billed for ${formatCount(asked)}, ${formatDollars(dollars)}`,
    ],
  ]
}
