import type { PlainValue } from '../../../src/core/plain-value.ts'
import type { FaultTable } from './faults.ts'
import type { RequestLog } from './requests.ts'

/** What a request asked for. A load job by upload is `jobs.insert`; query jobs and dry runs made by jobs.insert are counted apart. */
export type Endpoint =
  | 'oauth.token'
  | 'datasets.get'
  | 'datasets.list'
  | 'datasets.insert'
  | 'datasets.patch'
  | 'datasets.delete'
  | 'tables.get'
  | 'tables.list'
  | 'tables.insert'
  | 'tables.patch'
  | 'tables.delete'
  | 'tables.testIamPermissions'
  | 'tables.getIamPolicy'
  | 'tables.setIamPolicy'
  | 'tabledata.list'
  | 'tabledata.insertAll'
  | 'jobs.insert'
  | 'jobs.insert.query'
  | 'jobs.insert.dryRun'
  | 'jobs.get'
  | 'jobs.list'
  | 'jobs.cancel'
  | 'jobs.query'
  | 'jobs.getQueryResults'
  | 'projects.get'
  | 'projects.create'
  | 'projects.getIamPolicy'
  | 'projects.setIamPolicy'
  | 'projects.testIamPermissions'
  | 'projects.getBillingInfo'
  | 'services.get'
  | 'services.enable'
  | 'operations.get'
  | 'unknown'

/** Where a permission holds: on the project and all in it, or on one dataset and all in it. */
export type Scope = 'project' | { readonly dataset: string }

/** Limits that are counted; one that is absent is counted and not enforced. */
export interface Quotas {
  /** Load jobs of the project in a day, failed ones too; the real figure is 100,000. */
  readonly loadJobsADay?: number
  /** Partitions changed in one table in a day, once a job and partition; really 30,000. */
  readonly partitionModificationsADay?: number
  /** Changes of one unpartitioned table in a day; really 1,500. */
  readonly tableModificationsADay?: number
  /** Changes of one table in 10 seconds; really 50 partitioned, 5 otherwise. */
  readonly tableOperationsIn10s?: number
}

export interface StandInOptions {
  /** The one project that exists; `demo` unless told. */
  readonly projectId?: string
  /** Milliseconds since the epoch; tokens expire and days of quotas pass by it. */
  readonly now?: () => number
  /** Whether requests without a token are refused with 401 (the default) or may do everything, as emulators have it. */
  readonly withoutToken?: 'refused' | 'owner'
  /** Seconds that a token lives; 3,600 unless told. */
  readonly tokenSeconds?: number
  readonly quotas?: Quotas
  /** Requests of any kind that pass before a grant, made by the API or by `grant`, is seen; 0 unless told. */
  readonly grantsArriveAfter?: number
  /** Whether the BigQuery API is on in the project from the start; true unless told. `false`: 403 accessNotConfigured until it is enabled. */
  readonly apiEnabled?: boolean
  /** Whether the Cloud Resource Manager API is on from the start; true unless told. `false`: no project can be asked, tested or granted on. */
  readonly resourceManagerEnabled?: boolean
  /** Whether the project has billing; true unless told. `false`: DML and insertAll are refused, datasets have an expiry of 60 days. */
  readonly billing?: boolean
  /** Whether the project exists from the start; true unless told. */
  readonly projectExists?: boolean
}

interface SeenJob {
  readonly id: string
  readonly type: 'LOAD' | 'QUERY'
  readonly state: 'PENDING' | 'RUNNING' | 'DONE'
  readonly location: string
  /** Of a load job: `dataset.table`. */
  readonly table?: string
  /** Of a load job that succeeded. */
  readonly outputRows?: number
  /** Reason of the error that it ended with. */
  readonly error?: string
  /** Account that made it; undefined without a token. */
  readonly account?: string
}

export interface StandIn {
  /** Root of every API: BigQuery, uploads, resource manager (/v3), service usage and billing (/v1). Without a slash at its end. */
  readonly url: string
  readonly tokenUrl: string
  readonly projectId: string
  /** Text of a service account's key file, valid here; the same account gets the same key until `revoke`. `account` is an email, or a name to which the project's domain is added. */
  keyFile(account: string): string
  /** Email of an account as it stands in policies and access lists. */
  emailOf(account: string): string
  /** Gives permissions (`bigquery.jobs.create`) or roles (`roles/bigquery.dataEditor`), on the project unless told. */
  grant(account: string, permissions: readonly string[], on?: Scope): void
  /** Takes back all that `grant` gave to an account. */
  ungrant(account: string): void
  /** Deletes an account's key: the next token request gets invalid_grant. */
  revoke(account: string): void
  /** Makes every token given so far unknown: 401. */
  expireTokens(): void
  /** An access token without the way over /token, for raw requests. */
  token(account: string): string
  /** Every access token that was ever given, for tests that search for them. */
  readonly tokens: readonly string[]
  readonly faults: FaultTable
  readonly requests: RequestLog
  /** Rows of a table in the order of arrival; [] while it has none, an error when there is no such table. */
  rowsOf(dataset: string, table: string): Promise<readonly Readonly<Record<string, PlainValue>>[]>
  /** Makes a column count as so many bytes, as if the table were large; rows that come later add to it. */
  weigh(dataset: string, table: string, column: string, bytes: number): void
  /** Every job ever accepted, in order. */
  jobs(): readonly SeenJob[]
  /** Resolves when no accepted job is at work; jobs that a fault keeps running do not count. */
  settled(): Promise<void>
  /** Stops queries, cuts connections, forgets everything. */
  close(): Promise<void>
}
