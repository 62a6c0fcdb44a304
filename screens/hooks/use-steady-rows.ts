import { useStdout } from 'ink'
import { useCallback, useLayoutEffect } from 'react'

// a terminal may measure a text wider than Ink does: what does not fit its row must not move the rows below
const wrapOff = '\u001b[?7l'
const wrapOn = '\u001b[?7h'

/** While the screen is shown a text that is too wide ends at its row's last cell; returns what runs work that has the terminal as the shell had it. */
export const useSteadyRows = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  const { stdout } = useStdout()
  const write = useCallback(
    (sequence: string): void => {
      if ('isTTY' in stdout && stdout.isTTY === true) stdout.write(sequence)
    },
    [stdout],
  )
  // Ink ends every screen, a crashed one and one that a signal ends too, with the clean-up of its effects
  useLayoutEffect(() => {
    write(wrapOff)
    return () => write(wrapOn)
  }, [write])
  return async (work) => {
    write(wrapOn)
    try {
      return await work()
    } finally {
      write(wrapOff)
    }
  }
}
