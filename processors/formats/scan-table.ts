import { type Steps, slot } from './compile-steps.ts'
import { type GeneratedScan, generateScan } from './generate-scan.ts'
import type { TimeScanner } from './scan-time.ts'
import type { SimpleLine } from './simple-line.ts'

export interface TableOptions {
  readonly steps: Steps
  /** True where the client is the first of those that a proxy forwards. */
  readonly forwarded: boolean
  /** True where no other format comes before this one. */
  readonly isFirst: boolean
  /** What else a line must look like, where other formats come before this one. */
  readonly looks?: RegExp | undefined
}

/** The table of a format as the scanner runs it, and what it learned of its lines. */
export interface ScanTable {
  readonly steps: Steps
  /** The same as a function. */
  readonly script: GeneratedScan
  readonly isTimed: boolean
  readonly isHosted: boolean
  readonly isProxied: boolean
  readonly isPeered: boolean
  readonly hasIdent: boolean
  readonly takesForwarded: boolean
  readonly isFirst: boolean
  readonly looks: RegExp | undefined
  /** Kinds of fields behind the format's own, as the exact rules met them. */
  readonly known: Set<number>
}

export const createScanTable = (
  { steps: table, forwarded, isFirst, looks }: TableOptions,
  line: SimpleLine,
  time: TimeScanner,
): ScanTable => {
  const { steps, timed, peered, hasIdent } = table
  let script: GeneratedScan | undefined
  return {
    steps: table,
    get script() {
      script ??= generateScan(table, line, time)
      return script
    },
    isTimed: timed,
    isHosted: steps.some((step) => step.slot === slot.host),
    isProxied: steps.some((step) => step.slot === slot.forwarded),
    isPeered: peered,
    hasIdent,
    takesForwarded: forwarded || !peered,
    isFirst,
    looks,
    known: new Set(),
  }
}
