import type { DataEvent, Event } from './events.ts'
import type { Timers } from './ports.ts'
import type { State } from './state.ts'
import type { Store } from './store.ts'

/** Data reaches the store at most once in so many milliseconds. */
const flushMs = 250

/** What one look of the poller finds is gathered that long, so that it is one change. */
const gatherMs = 150

const polled = /^(clock|nodes|tables|tail|spend)\//

/** What the world told and the store has not taken yet; of two events of one kind about one thing the later stays. */
export interface Inbox {
  readonly put: (...events: readonly DataEvent[]) => void
  /** Hands everything over now, unless the screen is paused. */
  readonly flush: () => void
  readonly close: () => void
}

const keyOf = (event: DataEvent): string => {
  const about = event as Partial<Record<'stageId' | 'requestId' | 'table' | 'queryId', string>>
  const check = event.type === 'check/changed' ? event.check.id : undefined
  return [event.type, about.stageId, about.requestId, about.table, about.queryId, check].join(' ')
}

/** The one door for data into the store: bounded, at most four times a second, shut while paused. */
export const createInbox = (
  store: Store<State, Event>,
  ports: { readonly timers: Timers; readonly clock: () => number },
): Inbox => {
  const waiting = new Map<string, DataEvent>()
  let lastFlush = Number.NEGATIVE_INFINITY
  let stopTimer: (() => void) | undefined

  const flush = (): void => {
    stopTimer?.()
    stopTimer = undefined
    if (store.getState().paused || waiting.size === 0) return
    const events = [...waiting.values()]
    waiting.clear()
    lastFlush = ports.clock()
    store.dispatch(...events)
  }

  return {
    put: (...events) => {
      for (const event of events) {
        waiting.delete(keyOf(event))
        waiting.set(keyOf(event), event)
      }
      const least = events.every(({ type }) => polled.test(type)) ? gatherMs : 0
      const wait = Math.max(least, lastFlush + flushMs - ports.clock())
      if (wait <= 0) flush()
      else stopTimer ??= ports.timers.after(wait, flush)
    },
    flush,
    close: () => {
      stopTimer?.()
      waiting.clear()
    },
  }
}
