import type { ChunkCounts, Reject } from '../chunk-processor.ts'
import type { EventColumns } from '../columns/event-columns.ts'
import type { LineColumns } from '../columns/line-columns.ts'
import type { EmergencyKind } from '../rules/rule.ts'
import type { RuleState } from './rules.ts'
import type { WindowCounts } from './window-counts.ts'

/** Requests of one window, status and endpoint, in one row or several; the endpoint is masked. */
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

/** What one pass over a chunk gives; a relation that the stage does not name is absent. */
export interface PassOutput {
  /** Bytes that were taken: fewer than were given where more lines would not fit into the memory of a stage. */
  readonly end: number
  readonly counts: ChunkCounts
  readonly rejects: readonly Reject[]
  readonly rules: RuleState
  readonly lines?: LineColumns
  readonly events?: EventColumns
  readonly masked?: EventColumns
  readonly windowCounts?: WindowCounts
  readonly messages?: readonly MessageRow[]
  readonly alerts?: readonly AlertRow[]
}
