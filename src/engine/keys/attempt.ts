import { toAppError } from '../../core/errors.ts'
import type { Commands } from '../commands.ts'

/** Runs a command; what it could not do is said in the message line. */
export const attempt = async (commands: Commands, doing: Promise<unknown>): Promise<void> => {
  try {
    await doing
  } catch (thrown) {
    const error = toAppError(thrown)
    if (error.kind !== 'interrupted') commands.say([error.what, error.next[0] ?? ''].join(' ').trim(), 'bad')
  }
}
