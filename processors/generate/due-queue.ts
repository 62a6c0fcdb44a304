/** Items by the time at which they are due, earliest first; equal times in no fixed order but always the same one. */
export interface DueQueue<T> {
  readonly size: () => number
  /** When the next item is due; Infinity when there is none. */
  readonly nextAt: () => number
  readonly add: (at: number, item: T) => void
  readonly take: () => T | undefined
}

/** A binary heap. */
export const dueQueue = <T>(): DueQueue<T> => {
  const times: number[] = []
  const items: T[] = []

  const swap = (i: number, j: number): void => {
    const [time, item] = [times[i], items[i]]
    times[i] = times[j] as number
    items[i] = items[j] as T
    times[j] = time as number
    items[j] = item as T
  }
  const at = (i: number): number => times[i] ?? Number.POSITIVE_INFINITY

  return {
    size: () => times.length,
    nextAt: () => at(0),
    add: (time, item) => {
      let i = times.push(time) - 1
      items.push(item)
      while (i > 0 && at(i) < at((i - 1) >> 1)) {
        swap(i, (i - 1) >> 1)
        i = (i - 1) >> 1
      }
    },
    take: () => {
      if (times.length === 0) return undefined
      swap(0, times.length - 1)
      times.pop()
      const taken = items.pop()
      let i = 0
      for (;;) {
        const child = at(2 * i + 2) < at(2 * i + 1) ? 2 * i + 2 : 2 * i + 1
        if (at(child) >= at(i)) return taken
        swap(i, child)
        i = child
      }
    },
  }
}
