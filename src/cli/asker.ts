import { linesOf } from '../core/lines.ts'
import type { CliContext } from './context.ts'

/** Questions on the terminal, one after the other. */
export interface Asker {
  /** The line that is typed, or undefined when the input has ended. */
  readonly ask: (question: string) => Promise<string | undefined>
  readonly close: () => void
}

/** Opens the questions; lines that come faster than they are asked for wait. Rejects when the program is stopped. */
export const openAsker = ({ stdin, stderr, signal }: CliContext): Asker => {
  const typed = linesOf(stdin.iterator({ destroyOnReturn: false }))
  return {
    ask: async (question) => {
      stderr.write(question)
      const stop = new Promise<never>((_, reject) => {
        const end = (): void => reject(signal.reason)
        if (signal.aborted) end()
        signal.addEventListener('abort', end, { once: true })
      })
      const next = await Promise.race([typed.next(), stop])
      return next.done === true ? undefined : next.value
    },
    close: () => {
      void typed.return(undefined)
      stdin.pause()
    },
  }
}
