import type { AppError } from '../core/errors.ts'
import type { CallOptions } from './warehouse.ts'

/** A change that mends what a look found; nothing is changed before a person has agreed. */
export interface Repair {
  /** What it does, as a request: `make the project my-demo`. */
  readonly title: string
  /** The flag of `bbq setup` that agrees to it. */
  readonly flag: string
  /** The command that does it alone, after a question. */
  readonly command: string
  /** What is changed, one line each, as it is then. */
  readonly changes: readonly string[]
  /** Command lines that do the same by hand. */
  readonly lines: readonly string[]
  /** Does it and waits until it is seen; `onStep` tells what it waits for. Returns what was done. */
  readonly run: (options: CallOptions & { readonly onStep: (text: string) => void }) => Promise<string>
}

/** What a look came to: a finding, with what to do about it where it is not as it should be, or a problem. */
export type Seen =
  | { readonly detail: string; readonly next?: readonly string[]; readonly repair?: Repair }
  | { readonly problem: AppError; readonly repair?: Repair }

/** One thing that a warehouse needs outside of this machine. */
export interface SetupStep {
  readonly id: string
  readonly title: string
  /** Id of the step without which this one cannot be looked at. */
  readonly after?: string
  /** True where opening the warehouse does by itself what this step mends. */
  readonly opens?: boolean
  /** Looks and changes nothing, bills nothing; throws an AppError where it cannot look. */
  readonly look: (options: CallOptions) => Promise<Seen>
}

/** Everything that a warehouse needs, in the order in which it is looked at. */
export interface WarehouseSetup {
  readonly steps: readonly SetupStep[]
  readonly close: () => void
}
