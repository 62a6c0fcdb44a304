import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { CliContext } from './context.ts'

/** Asks on the terminal; true only for y or yes. */
export const askYes = async ({ stdin, stderr, signal }: CliContext, question: string): Promise<boolean> => {
  const lines = createInterface({ input: stdin, output: stderr, terminal: false })
  stderr.write(`${question} [y/N] `)
  try {
    const answer: unknown[] = await Promise.race([
      once(lines, 'line', { signal }),
      once(lines, 'close', { signal }).then(() => ['']),
    ])
    return /^y(es)?$/i.test(String(answer[0]).trim())
  } finally {
    lines.close()
  }
}
