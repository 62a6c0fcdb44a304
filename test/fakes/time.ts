import type { Timers } from '../../src/engine/ports.ts'

interface Timer {
  at: number
  readonly every: number | undefined
  readonly callback: () => void
}

export interface FakeTime {
  readonly now: () => number
  readonly timers: Timers
  /** Lets that many milliseconds pass, timer by timer, and everything settle in between. */
  readonly pass: (ms: number) => Promise<void>
  readonly open: () => number
}

/** Lets promises that need no time come to their end. */
export const settle = async (): Promise<void> => {
  for (let i = 0; i < 6; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** A clock that only a test moves. */
export const fakeTime = (start = Date.UTC(2026, 10, 24, 10)): FakeTime => {
  let now = start
  const timers = new Set<Timer>()
  const add = (ms: number, every: number | undefined, callback: () => void): (() => void) => {
    const timer: Timer = { at: now + ms, every, callback }
    timers.add(timer)
    return () => timers.delete(timer)
  }
  const pass = async (ms: number): Promise<void> => {
    const end = now + ms
    await settle()
    for (;;) {
      const next = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      now = next.at
      if (next.every === undefined) timers.delete(next)
      else next.at += next.every
      next.callback()
      await settle()
    }
    now = end
    await settle()
  }
  return {
    now: () => now,
    timers: {
      every: (ms, callback) => add(ms, ms, callback),
      after: (ms, callback) => add(ms, undefined, callback),
    },
    pass,
    open: () => timers.size,
  }
}
