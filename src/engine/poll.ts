import type { TableName } from '../core/tables.ts'
import type { TableStatus } from '../warehouse/warehouse.ts'
import { createLookAtNew } from './commands/look-at-new.ts'
import type { Context, Session } from './context.ts'
import { priceOf } from './cost/price.ts'
import { type Failure, toProblem } from './problem.ts'
import { selectSelected, selectStep, tablesOf } from './selectors/panes.ts'
import { selectRunning } from './selectors/runs.ts'
import { partialLimit, tailLimit } from './slices/tables.ts'
import type { State } from './state.ts'

const tickMs = 1_000
const deadlineMs = 5_000
const slowMs = 5_000
const priceMs = 30_000
const longestBackOffMs = 30_000
/** Recent rows asked for at least and at most: windows are merged and emergencies counted from them, so of those all that came are read. */
const tailRows = {
  raw_logs: { least: 60, most: 60 },
  log_results: { least: 100, most: 100 },
  log_aggregates: { least: 100, most: partialLimit },
  emergency_logs: { least: 100, most: tailLimit.emergency_logs },
} as const
/** Rows beyond those that came since the last look, because files do not arrive in the order of their rows. */
const overlap = 500

/** Milliseconds until the next try after that many failures in a row: 1 s, 2 s, 4 s, at most 30 s. */
export const backOffMs = (attempts: number): number => Math.min(longestBackOffMs, 1_000 * 2 ** (attempts - 1))

export interface Poller {
  /** Reads nodes and tables now, whatever was due. */
  readonly look: () => Promise<void>
  readonly stop: () => void
}

interface Source {
  readonly due: (state: State) => number
  readonly read: (session: Session, missed: boolean) => Promise<void>
  readonly fail: (failure: Failure) => void
}

/** Reads one source whenever it is due, one read at a time; a failed or skipped read leaves a gap and backs off. */
const createLooker = (context: Context, source: Source) => {
  let reading: Promise<void> | undefined
  let nextAt = 0
  let attempts = 0
  let missed = false

  const read = async (session: Session): Promise<void> => {
    const now = context.ports.clock()
    try {
      await source.read(session, missed)
      missed = false
      attempts = 0
      nextAt = now + source.due(context.getState())
    } catch (thrown) {
      if (context.session() !== session) return
      missed = true
      attempts += 1
      const at = context.ports.clock()
      nextAt = at + backOffMs(attempts)
      source.fail({ problem: toProblem(thrown), at, retryAt: nextAt, attempts })
    }
  }

  return {
    skip: () => {
      missed = true
    },
    /** Half a tick early is due: timers are never exact. */
    look: (session: Session, forced: boolean): Promise<void> => {
      if (!forced && context.ports.clock() < nextAt - tickMs / 2) return Promise.resolve()
      if (reading !== undefined) {
        if (!forced) missed = true
        return reading
      }
      reading = read(session).finally(() => {
        reading = undefined
      })
      return reading
    },
  }
}

const shownTables = (state: State): readonly TableName[] => {
  const step = selectStep(state)
  if (step.kind === 'stage') return tablesOf(state, step.id)
  if (step.kind === 'query') return [(selectSelected(state, 'tables') ?? 'raw_logs') as TableName]
  return step.kind === 'summary' ? ['log_aggregates', 'emergency_logs'] : []
}

/** One poller for clock, nodes, tables and their recent rows. */
export const startPolling = (context: Context): Poller => {
  const { ports, calls, getState, put } = context
  const tailed = new Map<TableName, string>()
  /** Rows that a table had when its recent ones were read last. */
  const counted = new Map<TableName, number>()

  const lookAtNew = createLookAtNew(context)

  const nodes = createLooker(context, {
    due: () => (context.session()?.cluster.about.kind === 'bacalhau' ? slowMs : tickMs),
    read: async ({ cluster }, missed) => {
      const rows = await calls.call('The cluster', deadlineMs, (call) => cluster.nodes(call))
      put({ type: 'nodes/received', rows, now: ports.clock(), missed })
      void calls.track(lookAtNew(cluster, rows)).catch(() => undefined)
    },
    fail: (failure) => put({ type: 'nodes/failed', failure }),
  })

  const tables = createLooker(context, {
    due: (state) =>
      selectRunning(state).length > 0 || ['stage', 'query', 'summary'].includes(selectStep(state).kind)
        ? tickMs
        : slowMs,
    read: async ({ warehouse }, missed) => {
      const status = await calls.call('The warehouse', deadlineMs, (call) => warehouse.status(call))
      put({ type: 'tables/received', status, now: ports.clock(), missed })
      for (const one of status) seen.set(one.table, one)
    },
    fail: (failure) => put({ type: 'tables/failed', failure }),
  })

  const seen = new Map<TableName, TableStatus>()
  const tails = createLooker(context, {
    due: () => tickMs,
    read: async ({ warehouse, epoch }) => {
      const markOf = (table: TableName): string => {
        const one = seen.get(table)
        return `${epoch} ${one?.rows} ${one?.bytes} ${one?.changedAt}`
      }
      const limitOf = (table: TableName): number => {
        const { least, most } = tailRows[table]
        const known = getState().tables.byName[table].tail.length === 0 ? 0 : (counted.get(table) ?? 0)
        return Math.min(most, Math.max(least, (seen.get(table)?.rows ?? most) - known + overlap))
      }
      for (const table of shownTables(getState()).filter((one) => tailed.get(one) !== markOf(one))) {
        const mark = markOf(table)
        const read = seen.get(table)?.rows ?? 0
        const rows = await calls.call('The warehouse', deadlineMs, (call) =>
          warehouse.tail(table, { ...call, limit: limitOf(table) }),
        )
        put({ type: 'tail/received', table, rows })
        counted.set(table, read)
        tailed.set(table, mark)
      }
    },
    fail: (failure) => put({ type: 'tail/failed', failure }),
  })

  const prices = createLooker(context, {
    due: () => priceMs,
    read: async ({ warehouse }) => {
      for (const { id, sql, merge } of getState().query.items) {
        if (merge !== undefined) continue
        const { bytes, tables } = await calls.call('The warehouse', deadlineMs, (call) => warehouse.estimate(sql, call))
        if (bytes === undefined) return
        put({ type: 'query/priced', queryId: id, price: priceOf(bytes, tables) })
      }
    },
    // a price that is not known is not shown, and its query counts as one that costs
    fail: () => {},
  })

  const look = async (forced: boolean): Promise<void> => {
    const session = context.session()
    if (session === undefined) return
    if (selectStep(getState()).kind === 'query') void calls.track(prices.look(session, false))
    await Promise.all([
      nodes.look(session, forced),
      tables.look(session, forced).then(() => tails.look(session, forced)),
    ])
    put({ type: 'spend/changed', spend: context.ledger.spend() })
  }

  const tick = (): void => {
    if (getState().paused) {
      nodes.skip()
      tables.skip()
      return
    }
    put({ type: 'clock/ticked', now: ports.clock() })
    void calls.track(look(false))
  }

  const stop = ports.timers.every(tickMs, tick)
  return { look: () => look(true), stop }
}
