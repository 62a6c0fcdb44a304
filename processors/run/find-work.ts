import { relative, resolve } from 'node:path'
import type { AppError } from '../../src/core/errors.ts'
import type { Journal } from '../checkpoint/journal.ts'
import { type Entry, type Found, type LogState, type State, unreadBytes } from '../checkpoint/state.ts'
import type { Params } from '../params.ts'
import type { Discovered } from './discover.ts'
import { type Matched, matchLogs, withoutCopies } from './match.ts'
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
}

/** Tells which logs the files are, and writes down what is new about them. */
export const findWork = (journal: Journal<State, Entry>, params: Params, discovered: Discovered): Work => {
  const { complete } = discovered
  const set = complete ? 'input' : relative(params.data, resolve(params.data, params.log))
  const files = complete ? discovered.sources : withoutCopies(discovered.sources)
  const problems = [...discovered.problems, ...files.flatMap(({ problem }) => problem ?? [])]
  let logs: readonly Matched<Source>[] = []
  let bytesUnread = 0

  journal.append((state): Found | undefined => {
    logs = matchLogs(state.logs, files, { set, complete })
    const present = new Set(logs.map(({ log }) => log.id))
    const gone =
      complete || discovered.problems.length > 0
        ? []
        : state.logs.filter((log) => log.set === set && !log.gone && !present.has(log.id))
    bytesUnread = gone.reduce((sum, log) => sum + unreadBytes(state, log), 0)
    const news = logs.map(({ log }) => log).filter((log) => isNews(state, log))
    if (news.length === 0 && gone.length === 0) return undefined
    return { kind: 'found', logs: news, gone: gone.map(({ id }) => id) }
  })

  const state = journal.read()
  const bytesTotal = logs.reduce((sum, { log }) => sum + unreadBytes(state, log), 0)
  return { logs, bytesUnread, bytesTotal, complete, problems }
}

const isNews = (state: State, log: LogState): boolean => {
  const known = state.logs.find(({ id }) => id === log.id)
  if (known === undefined || known.gone || known.path !== log.path) return true
  return known.size !== log.size || known.head.length !== log.head.length || known.packed !== log.packed
}
