import type { Command } from 'commander'
import type { CliContext } from './context.ts'
import type { CommonOptions } from './options.ts'

/** What a verb works with. */
export interface Call extends CommonOptions {
  readonly context: CliContext
  /** Prints data on stdout. */
  readonly print: (text: string) => void
  /** Prints one line of talk on stderr. */
  readonly say: (line: string) => void
}

/** Makes an action of commander out of a verb that returns its exit code. */
export type Act = <Arguments extends readonly unknown[]>(
  run: (call: Call, ...given: Arguments) => Promise<number>,
) => (this: Command, ...given: Arguments) => Promise<void>

/** Adds one verb to the program. */
export type Verb = (program: Command, act: Act) => void
