import { type Step, type Steps, slot } from './compile-steps.ts'

/** The steps of a format in flat arrays, as the scanner runs them, and what it learned of its lines. */
export interface ScanTable {
  /** How many steps. */
  readonly count: number
  readonly reads: Uint8Array
  readonly slots: Uint8Array
  /** Length of the text that must follow a field, and its first three bytes. */
  readonly lengths: Uint8Array
  readonly firsts: Uint8Array
  readonly seconds: Uint8Array
  readonly thirds: Uint8Array
  readonly steps: readonly Step[]
  /** The text at the beginning of a line. */
  readonly opening: Uint8Array
  readonly isPadded: boolean
  readonly isSized: boolean
  readonly isTimed: boolean
  readonly isHosted: boolean
  readonly isProxied: boolean
  readonly isPeered: boolean
  readonly hasIdent: boolean
  /** True where the client is the first of those that a proxy forwards. */
  readonly takesForwarded: boolean
  /** True where no other format comes before this one. */
  readonly isFirst: boolean
  /** What else a line must look like, where other formats come before this one. */
  readonly looks: RegExp | undefined
  /** Kinds of fields behind the format's own, as the exact rules met them. */
  readonly known: Set<number>
}

export interface TableOptions {
  readonly steps: Steps
  readonly forwarded: boolean
  readonly isFirst: boolean
  readonly looks?: RegExp | undefined
}

export const createScanTable = ({ steps: compiled, forwarded, isFirst, looks }: TableOptions): ScanTable => {
  const { first, steps, sized, timed, peered, hasIdent } = compiled
  const column = (of: (step: Step) => number): Uint8Array => Uint8Array.from(steps, of)
  return {
    count: steps.length,
    reads: column(({ read }) => read),
    slots: column((step) => step.slot),
    lengths: column(({ after }) => after.length),
    firsts: column(({ after }) => after[0] ?? 32),
    seconds: column(({ after }) => after[1] ?? 0),
    thirds: column(({ after }) => after[2] ?? 0),
    steps,
    opening: first,
    isPadded: steps.some(({ padded }) => padded),
    isSized: sized,
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
