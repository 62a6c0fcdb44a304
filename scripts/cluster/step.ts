import { execa, type Options } from 'execa'
import { AppError } from '../../src/core/errors.ts'
import { interrupted } from './wait.ts'

/** What every step of a start is given. */
export interface Steps {
  /** Tells a person what is done now. */
  readonly say: (text: string) => void
  readonly signal: AbortSignal
  /** Undoes what was started, should a later step fail. */
  readonly onFailure: (undo: () => Promise<void>) => void
}

/** Runs a program to its end and returns its stdout; an AppError says which one failed, and its last words. */
export const run = async (
  { signal }: Pick<Steps, 'signal'>,
  command: string,
  args: readonly string[],
  options: Options & { readonly next?: readonly string[] } = {},
): Promise<string> => {
  const { next = [], ...rest } = options
  const result = await execa(command, args, { ...rest, cancelSignal: signal, reject: false, stdin: 'ignore' })
  if (result.isCanceled) throw interrupted()
  if (!result.failed) return String(result.stdout ?? '')
  const words = String(result.stderr ?? '')
    .trim()
    .split('\n')
    .slice(-3)
    .join(' ')
    .slice(0, 500)
  throw new AppError({
    what: `${command} ${args.slice(0, 2).join(' ')} failed.`,
    why: words === '' ? `${result.shortMessage}` : words,
    next,
  })
}

/** Takes steps side by side. The first that fails stops the others, and is told once all have ended: nothing starts behind an undo. */
export const together = async (steps: Steps, all: readonly ((steps: Steps) => Promise<unknown>)[]): Promise<void> => {
  const stop = new AbortController()
  const signal = AbortSignal.any([steps.signal, stop.signal])
  const failures: unknown[] = []
  const take = async (step: (steps: Steps) => Promise<unknown>): Promise<void> => {
    try {
      await step({ ...steps, signal })
    } catch (thrown) {
      failures.push(thrown)
      stop.abort()
    }
  }
  await Promise.all(all.map(take))
  if (failures.length > 0) throw failures[0]
}
