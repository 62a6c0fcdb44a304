import type { LogInspection } from '../core/log-inspection.ts'
import type { Problem } from './problem.ts'

/** Where a person names logs of their own, and what was found there. */
export interface OwnLogsState {
  /** Text of the field; it stays when the field is left. */
  readonly text: string
  /** Names that the text may go on with. */
  readonly candidates: readonly string[]
  /** Times that the text was completed: after each the cursor is at its end. */
  readonly completions: number
  /** Since when the files are looked at. */
  readonly lookingSince?: number
  readonly found?: LogInspection
  /** Why there is nothing to show. */
  readonly problem?: Problem
}

export const noOwnLogs: OwnLogsState = { text: '', candidates: [], completions: 0 }
