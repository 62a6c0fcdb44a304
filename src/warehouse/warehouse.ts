import type { PlainColumn, PlainValue } from '../core/plain-value.ts'
import type { Table, TableName } from '../core/tables.ts'

export interface CallOptions {
  readonly signal: AbortSignal
  /** Milliseconds after which the call gives up with an AppError of kind `unreachable`. */
  readonly deadlineMs?: number
}

export type Value = PlainValue

export interface TableStatus {
  readonly table: TableName
  readonly rows: number
  readonly bytes: number
  /** Milliseconds since the epoch of the last arrival, or undefined while the table is empty. */
  readonly changedAt?: number
  /** Rows of another epoch; above 0 the next step is reset. */
  readonly strays: number
}

/** Items of a list that a tailed row keeps, and characters of a text. */
export const tailItems = 20
export const tailCharacters = 8_192

/** Bytes of an answer at most, as JSON. */
export const mostAnswerBytes = 64 * 1024 * 1024

export type Row = Readonly<Record<string, Value>>

export type QueryColumn = PlainColumn

export interface QueryResult {
  readonly columns: readonly QueryColumn[]
  readonly rows: readonly (readonly Value[])[]
  /** True when at least one more row exists. */
  readonly truncated: boolean
  /** True when it is cut because it holds as many bytes as an answer may, not because of `limit`. */
  readonly full?: boolean
  readonly ms: number
  /** Bytes read and billed, where the warehouse knows them. */
  readonly bytesProcessed?: number
  readonly bytesBilled?: number
}

/** What a confirmation came to. */
export interface Confirmed {
  readonly epoch: string
  /** Tables that were made. */
  readonly created: readonly string[]
  /** Columns that tables got which were there before. */
  readonly added?: readonly { readonly table: string; readonly columns: readonly string[] }[] | undefined
}

/** What a reset came to. */
export interface Emptied {
  readonly epoch: string
  /** What it did not wait for or could not give back, a sentence each. */
  readonly notices?: readonly string[] | undefined
}

interface QueryOptions extends CallOptions {
  /** Rows at most; the warehouse fetches one more to know whether there are any. */
  readonly limit: number
  /** Bytes of the answer at most; `mostAnswerBytes` unless told. */
  readonly answerBytes?: number
  /** Refused with kind `refused` when the query would read more. */
  readonly maxBytes?: number
}

/** What a job must know to write; becomes the `--sink` argument of the processor. */
export type Sink =
  | { readonly kind: 'folder'; readonly path: string }
  | {
      readonly kind: 'bigquery'
      readonly project: string
      readonly dataset: string
      readonly location: string
      /** Where BigQuery answers, when it is not Google's own address. */
      readonly apiEndpoint?: string
      /** Where such a server gives out access tokens. */
      readonly tokenEndpoint?: string
    }

/** What holds tables and answers queries. Every call ends in a value or an AppError. */
export interface Warehouse {
  /** The label is for the head of the Query screen: `DuckDB .bbq/warehouse/log_analytics`. */
  readonly about: { readonly kind: 'duckdb' | 'bigquery'; readonly label: string }
  /** Makes what is missing and returns the epoch, made at the first call. */
  confirm(tables: readonly Table[], options: CallOptions): Promise<Confirmed>
  /** Rows, bytes and last change of every table; free, runs no query. */
  status(options: CallOptions): Promise<readonly TableStatus[]>
  /** Recent rows of a table, newest arrival first, lists and texts in them cut to their beginning; free. */
  tail(table: TableName, options: CallOptions & { readonly limit: number }): Promise<readonly Row[]>
  /** Bytes that a query would read, and of how many tables; undefined where nothing is billed. */
  estimate(sql: string, options: CallOptions): Promise<{ readonly bytes?: number; readonly tables?: number }>
  /** Runs SQL in the warehouse's own dialect with `{table}` and `{epoch}` placeholders filled in. */
  query(sql: string, options: QueryOptions): Promise<QueryResult>
  /** Empties the tables and starts a new epoch. */
  reset(options: CallOptions): Promise<Emptied>
  sink(): Sink
  close(): Promise<void>
}
