export interface ParentWatch {
  readonly parentPid: number
  /** The process that this one is a child of now. */
  readonly currentParent: () => number
  readonly isAlive: (pid: number) => boolean
  readonly onGone: () => void
  /** Milliseconds between two looks. */
  readonly every: number
}

/** Looks now and then whether the parent still lives, without keeping the process alive; gives a function that ends it. */
export const watchParent = ({ parentPid, currentParent, isAlive, onGone, every }: ParentWatch): (() => void) => {
  const first = currentParent()
  const timer = setInterval(() => {
    if (currentParent() === first && isAlive(parentPid)) return
    clearInterval(timer)
    onGone()
  }, every)
  timer.unref()
  return () => clearInterval(timer)
}

/** True while a process of that number exists. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM'
  }
}
