import { execa } from 'execa'
import { AppError, toAppError } from '../../core/errors.ts'
import { shortOf } from '../../core/short-of.ts'
import type { CallOptions } from '../cluster.ts'
import { errorOf, missingCli, notAnswering, stripAnsi } from './errors.ts'

export interface CliContext {
  readonly command: string
  /** The child's whole environment. */
  readonly env: Readonly<Record<string, string>>
  /** A folder without a `.env` of somebody else's: the CLI would take it as its own. */
  readonly cwd: string
  /** Where the API is, in words, for messages. */
  readonly address: string
}

interface CliOptions extends CallOptions {
  readonly input?: string
  /** What must not stand on stderr: some commands fail and still exit with 0. */
  readonly refusal?: RegExp
}

/** Runs the CLI with nothing on stdin, or with `input`; returns its stdout. */
export type Cli = (args: readonly string[], options: CliOptions) => Promise<string>

const usualDeadlineMs = 15_000
const maxOutputBytes = 100 * 1024 * 1024

/** The one way to the CLI: every call has a deadline, is killed at it, and ends in its stdout or an AppError. */
export const createCli =
  (context: CliContext): Cli =>
  async (args, { signal, deadlineMs = usualDeadlineMs, input, refusal }) => {
    const result = await execa(context.command, args, {
      env: context.env,
      extendEnv: false,
      cwd: context.cwd,
      timeout: deadlineMs,
      forceKillAfterDelay: 500,
      cancelSignal: signal,
      maxBuffer: maxOutputBytes,
      stripFinalNewline: false,
      reject: false,
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
    })
    if (result.isCanceled) throw new AppError({ what: 'Stopped before it was done.', kind: 'interrupted' })
    if (result.timedOut) throw notAnswering(args, deadlineMs, context.address)
    if (result.code === 'ENOENT') throw missingCli(context.command, result)
    if (shortOf(result.cause) !== undefined) throw toAppError(result.cause)
    const told = stripAnsi(result.stderr)
    if (result.failed || refusal?.test(told) === true) throw errorOf(args, told, context.address, result)
    return result.stdout
  }
