import type { DuckDBValue } from '@duckdb/node-api'
import type { Accounts } from './accounts.ts'
import type { Database } from './database.ts'
import type { FaultKind } from './faults.ts'
import type { Field } from './fields.ts'
import type { Permissions } from './permissions.ts'
import type { JobError } from './problem.ts'
import type { QuotaCounter } from './quotas.ts'

export interface Dataset {
  readonly id: string
  readonly location: string
  readonly created: number
  modified: number
  etag: string
  access: readonly Readonly<Record<string, unknown>>[]
  labels: Readonly<Record<string, string>>
  description: string | undefined
  readonly tables: Map<string, StoredTable>
}

export interface StoredTable {
  readonly datasetId: string
  readonly id: string
  readonly created: number
  modified: number
  etag: string
  fields: readonly Field[]
  labels: Readonly<Record<string, string>>
  description: string | undefined
  readonly partitionField: string | undefined
  readonly partitioned: boolean
  readonly requirePartitionFilter: boolean
  clustering: readonly string[] | undefined
  /** SQL of a view as it was given. */
  view: string | undefined
  rows: number
  /** Bytes by column. */
  bytes: Readonly<Record<string, number>>
  /** Rows of the last streaming inserts, which numRows does not count until then. */
  buffer: { readonly rows: number; readonly until: number }
  /** When an insertId was last seen. */
  readonly insertIds: Map<string, number>
  /** Grants on the table alone, which end with it. */
  bindings: readonly { readonly role: string; readonly members: readonly string[] }[]
}

interface QueryRows {
  readonly fields: readonly Field[]
  readonly rows: readonly (readonly DuckDBValue[])[]
}

export interface Job {
  readonly id: string
  readonly location: string
  readonly type: 'LOAD' | 'QUERY'
  readonly account: string | undefined
  readonly configuration: Readonly<Record<string, unknown>>
  readonly created: number
  /** Of a load: `dataset.table`. */
  readonly target: string | undefined
  readonly dryRun: boolean
  ended: number | undefined
  state: 'PENDING' | 'RUNNING' | 'DONE'
  error: JobError | undefined
  /** Held by a fault: nothing is at work. */
  held: boolean
  /** How often RUNNING is still to be said before the work starts. */
  polls: number
  start: (() => void) | undefined
  readonly stop: AbortController
  /** Resolves when it is DONE. */
  finished: Promise<void>
  statistics: Readonly<Record<string, unknown>>
  result: QueryRows | undefined
  rowsLoaded: number | undefined
}

/** All that the server knows. */
export interface World {
  readonly projectId: string
  readonly now: () => number
  readonly database: Database
  readonly datasets: Map<string, Dataset>
  /** By `location.id`, in the order of acceptance. */
  readonly jobs: Map<string, Job>
  /** Jobs of jobs.query by their requestId. */
  readonly requestIds: Map<string, Job>
  readonly accounts: Accounts
  readonly permissions: Permissions
  readonly quotas: QuotaCounter
  /** Bindings of the project's policy; its etag moves with each change. */
  policy: {
    readonly bindings: readonly {
      readonly role: string
      readonly members: readonly string[]
      readonly condition?: Readonly<Record<string, unknown>> | undefined
    }[]
    readonly etag: string
  }
  projectExists: boolean
  apiEnabled: boolean
  readonly billing: boolean
  resourceManagerEnabled: boolean
  /** Answers of operations that are asked for again until they are done, by name. */
  readonly operations: Map<string, { asks: number; readonly finish: () => void }>
  /** A new etag, never given before. */
  readonly newEtag: () => string
}

/** One request, read and allowed in. */
export interface Call {
  readonly world: World
  readonly account: string | undefined
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: unknown
  /** The file of an upload. */
  readonly file: Buffer | undefined
  /** What goes wrong with the job that the request makes. */
  readonly fault: FaultKind | undefined
}

export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export type Handler = (call: Call) => Answer | Promise<Answer>

export const ok = (body: unknown): Answer => ({ status: 200, body })

/** Moves with every change, even while the clock stands. */
export const touch = (thing: { modified: number; etag: string }, world: World): void => {
  thing.modified = Math.max(world.now(), thing.modified + 1)
  thing.etag = world.newEtag()
}
