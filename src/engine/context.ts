import type { Cluster } from '../cluster/cluster.ts'
import type { Config } from '../config/config.ts'
import { AppError } from '../core/errors.ts'
import type { OwnNode } from '../core/own-files.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import type { Calls } from './calls.ts'
import { createLedger, type Ledger } from './cost/ledger.ts'
import { loadJobsOf } from './cost/loads.ts'
import { billingUnit } from './cost/price.ts'
import type { DataEvent, KeyEvent } from './events.ts'
import type { Inbox } from './inbox.ts'
import type { Ports } from './ports.ts'
import { reduceRuns } from './slices/runs.ts'
import type { Source, State } from './state.ts'

/** What is open: a cluster, a warehouse and the epoch that both work on. */
export interface Session {
  readonly cluster: Cluster
  readonly warehouse: Warehouse
  readonly epoch: string
  /** Somebody's own log files, when they stand for nodes. */
  readonly inputs?: readonly OwnNode[]
}

/** Where the data of a session comes from and goes to. */
export const sourceOf = ({ cluster, warehouse, epoch, inputs }: Session): Source => ({
  cluster: inputs === undefined ? cluster.about : { ...cluster.about, ownFiles: true },
  warehouse: warehouse.about,
  epoch,
})

/** What the commands share. */
export interface Context {
  readonly ports: Ports
  readonly calls: Calls
  readonly inbox: Inbox
  readonly getState: () => State
  /** A fact that a key made. */
  readonly tell: (...events: readonly KeyEvent[]) => void
  /** A fact that the world made. */
  readonly put: (...events: readonly DataEvent[]) => void
  /** The runs as they are, also while the screen is paused. */
  readonly runs: () => State['runs']
  /** What this session asked of the warehouse, as it is, also while the screen is paused. */
  readonly ledger: Ledger
  readonly config: () => Config
  readonly setConfig: (config: Config) => void
  readonly session: () => Session | undefined
  readonly setSession: (session: Session | undefined) => void
}

/** Runs follow the world, the store follows the screen: a pause holds only the latter back. */
export const createContext = (base: Pick<Context, 'ports' | 'calls' | 'inbox' | 'getState' | 'tell'>): Context => {
  let { runs } = base.getState()
  let config = base.ports.config
  let session: Session | undefined
  const ledger = createLedger(() => config.warehouse.budget_mb * billingUnit, base.ports.clock)
  return {
    ...base,
    put: (...events) => {
      runs = events.reduce((all, event) => reduceRuns(all, event, base.getState().nodes.rows), runs)
      for (const event of events)
        if (event.type === 'launch/finished' && session?.warehouse.about.kind === 'bigquery')
          ledger.loaded(loadJobsOf(runs[event.stageId], base.ports.stages), event.now)
      base.inbox.put(...events)
    },
    runs: () => runs,
    ledger,
    config: () => config,
    setConfig: (next) => {
      config = next
    },
    session: () => session,
    setSession: (next) => {
      session = next
    },
  }
}

/** The open session, or an AppError that says how to open one. */
export const openSession = (context: Context): Session => {
  const session = context.session()
  if (session !== undefined) return session
  throw new AppError({
    what: 'Nothing is open yet.',
    next: ['Start the demo on the first screen: Enter takes the first choice.'],
    kind: 'refused',
  })
}
