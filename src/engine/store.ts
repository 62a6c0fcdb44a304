/** A value that only a pure reducer changes, and those who watch it. */
export interface Store<S, E> {
  readonly getState: () => S
  readonly dispatch: (...events: readonly E[]) => void
  /** Calls back after each dispatch that changed something; returns how to stop. */
  readonly subscribe: (listener: () => void) => () => void
}

/** Several events in one dispatch are one change to those who watch. */
export const createStore = <S, E>(initial: S, reduce: (state: S, event: E) => S): Store<S, E> => {
  let state = initial
  const listeners = new Set<() => void>()
  return {
    getState: () => state,
    dispatch: (...events) => {
      const before = state
      state = events.reduce(reduce, state)
      if (state !== before) for (const listener of [...listeners]) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
