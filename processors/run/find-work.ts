import { relative, resolve } from 'node:path'
import type { AppError } from '../../src/core/errors.ts'
import type { Journal } from '../checkpoint/journal.ts'
import { type Entry, type Found, inputSet, type LogState, type State, unreadBytes } from '../checkpoint/state.ts'
import type { Params } from '../params.ts'
import type { Discovered } from './discover.ts'
import { type Matched, matchLogs } from './match.ts'
import { fromDisk } from './proofs.ts'
import type { Source } from './source.ts'

export interface Work {
  /** The logs that this run reads, oldest first. */
  readonly logs: readonly Matched<Source>[]
  /** Bytes that vanished before they were read. */
  readonly bytesUnread: number
  /** Bytes that this run means to read. */
  readonly bytesTotal: number
  /** True for files that were named one by one. */
  readonly complete: boolean
  /** Files that cannot be read, or only in part. */
  readonly problems: readonly AppError[]
  readonly notices: readonly string[]
}

/** Under which name the logs are kept that belong together. */
export const setName = ({ data, log }: Params, complete: boolean): string =>
  complete ? inputSet : relative(data, resolve(data, log))

/** Tells which logs the files are, and writes down what is new about them. */
export const findWork = async (
  journal: Journal<State, Entry>,
  params: Params,
  discovered: Discovered,
  now: () => number,
): Promise<Work> => {
  const { complete, sources: files, notices } = discovered
  const set = setName(params, complete)
  const problems = [...discovered.problems, ...files.flatMap(({ problem }) => problem ?? [])]
  for (;;) {
    const state = journal.read()
    const logs = await matchLogs(state.logs, files, { set, complete, proofs: fromDisk })
    const present = new Set(logs.map(({ log }) => log.id))
    const gone =
      complete || discovered.problems.length > 0
        ? []
        : state.logs.filter((log) => log.set === set && !log.gone && !present.has(log.id))
    const news = logs.map(({ log }) => log).filter((log) => isNews(state, log))
    const bytesTotal = logs.reduce((sum, { log }) => sum + unreadBytes(state, log), 0)
    const since = bytesTotal > 0 && state.since === undefined ? { since: Math.round(now()) } : {}
    let isStale = false
    journal.append((newest): Found | undefined => {
      isStale = newest !== state
      if (isStale || (news.length === 0 && gone.length === 0 && !('since' in since))) return undefined
      return { kind: 'found', logs: news, gone: gone.map(({ id }) => id), ...since }
    })
    // another run wrote meanwhile: what it found may be one of these
    if (isStale) continue
    const bytesUnread = gone.reduce((sum, log) => sum + unreadBytes(state, log), 0)
    return { logs, bytesUnread, bytesTotal, complete, problems, notices }
  }
}

const isNews = (state: State, log: LogState): boolean => {
  const known = state.logs.find(({ id }) => id === log.id)
  if (known === undefined || known.gone || known.path !== log.path || known.inode !== log.inode) return true
  return known.size !== log.size || known.head.length !== log.head.length || known.packed !== log.packed
}
