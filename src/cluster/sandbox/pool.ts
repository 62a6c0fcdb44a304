/** Runs tasks in the order they came, at most `size` at once. */
export interface Pool {
  run(task: () => Promise<void>): Promise<void>
}

/** A pool with that many places. */
export const createPool = (size: number): Pool => {
  const waiting: (() => void)[] = []
  let free = Math.max(1, size)
  return {
    async run(task) {
      if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve))
      else free -= 1
      try {
        await task()
      } finally {
        const next = waiting.shift()
        if (next === undefined) free += 1
        else next()
      }
    },
  }
}
