import { openAsker } from './asker.ts'
import type { CliContext } from './context.ts'

/** Asks on the terminal; true only for y or yes. */
export const askYes = async (context: CliContext, question: string): Promise<boolean> => {
  const asker = openAsker(context)
  try {
    return /^y(es)?$/i.test((await asker.ask(`${question} [y/N] `))?.trim() ?? '')
  } finally {
    asker.close()
  }
}
