import { gaveUp } from './explain.ts'

/** How long a node waits for a warehouse that has trouble; all in milliseconds. */
export interface Timing {
  /** The first pause; each further one is twice as long, up to 32 times this. */
  readonly pauseMs: number
  /** Longest time without a byte. */
  readonly silenceMs: number
}

const mostTries = 10
/** So often something is asked for that may not have spread yet. */
const lateTries = 5

/** For one load with all its pauses, for one job that runs, for one upload, for a short call, and for a connection. */
export const limitsOf = ({ silenceMs }: Timing) => ({
  loadMs: silenceMs * 10,
  runningMs: silenceMs * 8,
  uploadMs: silenceMs * 6,
  callMs: silenceMs,
  connectMs: Math.min(silenceMs, 10_000),
})

export interface Waits {
  /** Milliseconds, from any start. */
  readonly now: () => number
  /** 0 up to 1. */
  readonly random: () => number
  readonly wait: (ms: number) => Promise<void>
}

export interface Trouble {
  readonly subject: string
  readonly reason: string
  readonly message: string
  readonly retryAfterMs?: number
}

export interface Patience {
  /** Counts that something is missing that may come late; true when that was often enough. */
  isOverdue(): boolean
  /** Waits longer each time; throws an AppError of kind `unreachable` when it was often or long enough. */
  after(trouble: Trouble): Promise<void>
}

/** The patience for one load or one question. */
export const openPatience = (timing: Timing, { now, random, wait }: Waits): Patience => {
  const started = now()
  let [tries, missed] = [0, 0]
  return {
    isOverdue: () => {
      missed += 1
      return missed >= lateTries
    },
    after: async (trouble) => {
      tries += 1
      const longest = timing.pauseMs * Math.min(32, 2 ** (tries - 1))
      const pause = Math.max(longest * (0.5 + random() / 2), trouble.retryAfterMs ?? 0)
      if (tries >= mostTries || now() + pause - started > limitsOf(timing).loadMs) throw gaveUp(trouble, tries)
      await wait(pause)
    },
  }
}
