export type Env = Readonly<Record<string, string | undefined>>

/** What the process gives to a command; nothing below reads it from the globals. */
export interface CliContext {
  /** Arguments after the program's name. */
  readonly argv: readonly string[]
  readonly env: Env
  readonly stdin: NodeJS.ReadStream
  /** Data. */
  readonly stdout: NodeJS.WriteStream
  /** Talk. */
  readonly stderr: NodeJS.WriteStream
  readonly now: () => number
  /** Aborted by Ctrl-C and by signals that end the program. */
  readonly signal: AbortSignal
  /** Node for child processes. */
  readonly nodePath: string
  readonly version: string
  /** What files get that a person names; bbq's own are its owner's alone. */
  readonly umask: number
  /** Present when the first frame of the screen was painted: leaves it again. */
  readonly leaveFrame?: () => void
}
