import type { Commands } from './commands.ts'
import type { State, StepKind } from './state.ts'

/** One thing that a key does. */
export interface Binding {
  readonly id: string
  /** Single characters, or names: Enter, Esc, Space, Backspace, PgUp, PgDn, Tab, S-Tab, Up, Down, Home, End, Ctrl-C. */
  readonly keys: readonly string[]
  /** As footer and help print the keys, when not joined from `keys`. */
  readonly shown?: string
  /** A word or two for the footer: `next`. */
  readonly label: (state: State) => string
  /** One sentence for help and docs. */
  readonly help: string
  /** Where it works; everywhere when absent. */
  readonly screens?: readonly StepKind[]
  /** Whether it does something now. */
  readonly when: (state: State) => boolean
  /** Why it does nothing now, for the message line. */
  readonly why: (state: State) => string
  readonly run: (commands: Commands, state: State, key: string) => unknown
  /** Order in the footer, the highest first; 0 keeps it out. */
  readonly weight: (state: State) => number
}
