import type { ScanTable } from './scan-table.ts'

/**
 * Scans one line by a table: what stands behind the text that begins at `from` is then in the line. Gives the kinds of the fields
 * behind those of the format as one number, or undefined where the exact rules must decide.
 */
export type ScanRun = (table: ScanTable, from: number, lineStart: number) => number | undefined

/** Works on lines by a table, which is a place in the area of a room; where they must be like more than it says, `fits` has it. */
export type RunMany = (table: number, high: 0 | 128, fits: number) => number

export interface Scans {
  readonly run: ScanRun
  /** Has a program work on many lines from a place on, where one can; the place behind the last of them. */
  readonly many: (table: ScanTable, from: number, run: RunMany) => number
}

/** No fields stand behind those of the format. */
export const noRest = 0
/** Only the exact rules know of what kinds they are. */
export const uncertain = -1
