import type { ChunkCounts, Reject } from '../chunk-processor.ts'
import type { EmergencyKind } from '../rules/rule.ts'
import type { RuleState } from './rules.ts'

/** Fields that every row of `events` and `masked` has, in the order of the field file; joined by 0x1f, rows by LF, an empty field is NULL. */
const commonFields = [
  'off',
  'ip',
  'user_id',
  'ts_us',
  'method',
  'path',
  'protocol',
  'status',
  'bytes',
  'referer',
  'user_agent',
] as const

/** Fields behind them that a row without any of the three leaves out, as most logs do. */
export const rareFields = ['host', 'duration_ms', 'forwarded_for'] as const

export const eventFields = [...commonFields, ...rareFields] as const

/** Fields of `lines`, in the order of the field file. */
export const lineFields = ['off', 'raw_line'] as const

/** An event that took the exact path; null where the log has none. */
export interface EventRow {
  readonly off: number
  readonly ip: string | null
  readonly user_id: string | null
  /** Microseconds since the epoch. */
  readonly ts_us: bigint
  readonly method: string | null
  readonly path: string | null
  readonly protocol: string | null
  readonly status: number
  readonly bytes: bigint | null
  readonly referer: string | null
  readonly user_agent: string | null
  readonly host: string | null
  readonly duration_ms: number | null
  readonly forwarded_for: string | null
  /** Set where the message cannot be made of method, path, protocol and status. */
  readonly message: string | null
}

export interface LineRow {
  readonly off: number
  readonly raw_line: string
}

/** Requests of one window, status and endpoint, in one row or several; the endpoint is masked. Its fields are in this order. */
export interface CountRow {
  readonly window_us: bigint
  readonly status: number
  readonly endpoint: string | null
  readonly n: number
  readonly bytes: bigint
}

/** One of the notable messages of a window, at most five a window; masked. */
export interface MessageRow {
  readonly window_us: bigint
  readonly message: string
}

/** Its fields are in this order. */
export interface AlertRow {
  readonly off: number
  readonly ts_us: bigint
  readonly kind: EmergencyKind
  readonly reason: string
  readonly event_id: string
  readonly message: string
  /** Masked, null where the host is no address. */
  readonly ip: string | null
}

/** Rows of one relation: most of them as a field file, the surprising ones as objects. */
export interface FieldRelation<Row> {
  /** Valid until the pass after the next one begins. */
  readonly file: Uint8Array
  readonly fileRows: number
  /** True where some row of the file has its rare fields. */
  readonly hasRare?: boolean
  readonly exact: readonly Row[]
}

/** What one pass over a chunk gives; a relation that the stage does not name is absent. */
export interface PassOutput {
  /** Bytes that were taken: fewer than were given where more lines would not fit into the memory of a stage. */
  readonly end: number
  readonly counts: ChunkCounts
  readonly rejects: readonly Reject[]
  readonly rules: RuleState
  readonly lines?: FieldRelation<LineRow>
  readonly events?: FieldRelation<EventRow>
  readonly masked?: FieldRelation<EventRow>
  readonly windowCounts?: FieldRelation<CountRow>
  readonly messages?: readonly MessageRow[]
  readonly alerts?: FieldRelation<AlertRow>
}
