export interface ThrottleOptions {
  /** Least time between two lines, in milliseconds. */
  readonly pace: number
  readonly now: () => number
  readonly write: (line: string) => void
}

export interface Throttle {
  push(line: string): void
  /** Writes the newest line, if it was held back. */
  flush(): void
}

/** Lets lines through at a bounded rate; of those that come too soon only the newest is kept. */
export const throttle = ({ pace, now, write }: ThrottleOptions): Throttle => {
  let last = Number.NEGATIVE_INFINITY
  let held: string | undefined
  const flush = (): void => {
    if (held !== undefined) write(held)
    held = undefined
  }
  return {
    push: (line) => {
      held = line
      if (now() - last < pace) return
      last = now()
      flush()
    },
    flush,
  }
}
