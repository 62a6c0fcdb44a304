import { formatElapsed } from '../../src/core/format.ts'
import { sanitize } from '../../src/core/sanitize.ts'
import type { Failure } from '../../src/engine/problem.ts'
import type { State } from '../../src/engine/state.ts'
import type { HeadlineOptions } from './headline.ts'

type SourceOptions = Pick<HeadlineOptions, 'source' | 'simulated' | 'clockMs' | 'paused' | 'lost'>

/** What the right end of every headline tells: source, clock, pause, and a lost connection with its age and countdown. */
export const sourceOptions = (state: State): SourceOptions => {
  const { source, clock, paused, nodes, tables } = state
  const failure = nodes.failure ?? tables.failure
  const seen = nodes.failure !== undefined ? nodes.receivedAt : tables.receivedAt
  return {
    source: source === undefined ? '' : sanitize(source.cluster.label),
    simulated: source?.cluster.kind === 'sandbox',
    clockMs: clock.now - (clock.openedAt ?? clock.startedAt),
    paused,
    lost: failure === undefined ? undefined : lostText(failure, seen, clock.now),
  }
}

const lostText = (failure: Failure, seen: number | undefined, now: number): string => {
  const age = formatElapsed(now - (seen ?? failure.at))
  return `✖ no news for ${age}, again in ${formatElapsed(Math.max(0, failure.retryAt - now))}`
}
