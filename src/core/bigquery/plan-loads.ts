import { AppError } from '../errors.ts'
import { formatCount } from '../format.ts'
import type { TableName } from '../tables.ts'

/** What BigQuery takes in a day, and the share of it that is planned with: the rest is for reruns, other stages and other people. */
export const dailyQuota = { loadJobs: 100_000, changesOfATable: 30_000, share: 0.5 } as const

const loadJobs = dailyQuota.loadJobs * dailyQuota.share
const changesOfATable = dailyQuota.changesOfATable * dailyQuota.share
const dayMs = 86_400_000

/** A stage that is kept running: each run sends at least one chunk a node to each of its tables. */
export interface LoadStream {
  readonly tables: readonly TableName[]
  /** Milliseconds from the start of a run to the next. */
  readonly everyMs: number
}

const runsADay = ({ everyMs }: LoadStream): number => Math.ceil(dayMs / everyMs)

/** Load jobs that a stage of this pace sends in a day from so many nodes, at least. */
export const loadsOf = (nodes: number, stream: LoadStream): number => nodes * stream.tables.length * runsADay(stream)

/**
 * The shortest pace in milliseconds, in whole seconds, at which a stage of these tables stays under half of a day's quota beside what is
 * kept running already and the load jobs that were sent on this day; undefined where no pace does.
 */
export const leastPace = (
  nodes: number,
  tables: readonly TableName[],
  kept: readonly LoadStream[] = [],
  sent = 0,
): number | undefined => {
  if (nodes === 0 || tables.length === 0) return 1000
  const left = loadJobs - sent - kept.reduce((sum, stream) => sum + loadsOf(nodes, stream), 0)
  const leftOf = (table: TableName): number =>
    changesOfATable -
    kept.reduce((sum, stream) => sum + (stream.tables.includes(table) ? nodes * runsADay(stream) : 0), 0)
  const runs = Math.floor(Math.min(left / (nodes * tables.length), ...tables.map((table) => leftOf(table) / nodes)))
  return runs < 1 ? undefined : Math.ceil(dayMs / runs / 1000) * 1000
}

/** Throws an AppError of kind `refused`, with the arithmetic, when a day at this pace would pass half of the quota. */
export const checkPace = (nodes: number, stream: LoadStream, kept: readonly LoadStream[] = [], sent = 0): void => {
  const least = leastPace(nodes, stream.tables, kept, sent)
  if (least !== undefined && stream.everyMs >= least) return
  const { length } = stream.tables
  const others = kept.reduce((sum, each) => sum + loadsOf(nodes, each), 0)
  const sum = [
    `${formatCount(nodes)} ${nodes === 1 ? 'node' : 'nodes'}`,
    `${length} ${length === 1 ? 'table' : 'tables'}`,
    `${formatCount(runsADay(stream))} runs a day`,
  ].join(' x ')
  throw new AppError({
    what: `Every ${inWords(stream.everyMs)} is too often for BigQuery: ${sum} are ${formatCount(loadsOf(nodes, stream))} load jobs.`,
    why: `${sent === 0 ? '' : `${formatCount(sent)} were sent today. `}${others === 0 ? '' : `What is kept running already sends ${formatCount(others)}. `}BigQuery takes ${formatCount(dailyQuota.loadJobs)} a day for a project and ${formatCount(dailyQuota.changesOfATable)} for a table; half of that is planned with, ${formatCount(loadJobs)} and ${formatCount(changesOfATable)}.`,
    next: [
      ...(least === undefined ? [] : [`Run it every ${inWords(least)} or less often: --every ${least / 1000}s`]),
      ...(others > 0 ? ['Stop a stage that is kept running.'] : []),
      ...(least === undefined ? ['Run it once, without --every; a new day begins at 0:00 UTC.'] : []),
      'Run it on fewer nodes, with cluster.nodes.',
    ],
    kind: 'refused',
  })
}

const inWords = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${formatCount(ms / 1000)} s`)

const mib = 1024 * 1024
const leastChunk = 32 * mib
/** What a node may send of its log in a day before its chunks grow. */
const promisedBytes = 4 * 1024 * mib

/**
 * Bytes of log in a chunk on each of so many nodes: enough that half of the quota carries 4 GiB of every node in a day, as far as the memory of a
 * stage allows, in MiB: a chunk takes about three times its size.
 */
export const chunkBytesFor = (nodes: number, memoryMb: number): number => {
  const wanted = Math.ceil((nodes * promisedBytes) / changesOfATable / mib) * mib
  const affordable = Math.floor(memoryMb / 16) * mib
  return Math.max(leastChunk, Math.min(wanted, affordable))
}
