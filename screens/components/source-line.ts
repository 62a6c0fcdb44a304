import { formatElapsed } from '../../src/core/format.ts'
import { sanitize } from '../../src/core/sanitize.ts'
import type { Failure, Problem } from '../../src/engine/problem.ts'
import type { State } from '../../src/engine/state.ts'
import { clean } from '../text/clean.ts'
import { type Line, span } from '../text/line.ts'
import type { HeadlineOptions, Lost } from './headline.ts'

type SourceOptions = Pick<HeadlineOptions, 'source' | 'simulated' | 'clockMs' | 'paused' | 'lost'>

/** What the right end of every headline tells: source, clock, pause, and a lost connection with its age and countdown. */
export const sourceOptions = (state: State): SourceOptions => {
  const { source, clock, paused, nodes, tables } = state
  const failure = failureOf(state)
  const seen = nodes.failure !== undefined ? nodes.receivedAt : tables.receivedAt
  return {
    source: source === undefined ? '' : sanitize(source.cluster.label),
    simulated: source?.cluster.kind === 'sandbox',
    clockMs: clock.now - (clock.openedAt ?? clock.startedAt),
    paused,
    lost: failure === undefined ? undefined : lostText(failure, seen, clock.now),
  }
}

/** The read that fails now: of the nodes, of the tables, or of their recent rows. */
const failureOf = ({ nodes, tables }: State): Failure | undefined =>
  nodes.failure ?? tables.failure ?? tables.tailFailure

const lostText = (failure: Failure, seen: number | undefined, now: number): Lost => {
  const age = formatElapsed(now - (seen ?? failure.at))
  const again = `again in ${formatElapsed(Math.max(0, failure.retryAt - now))}`
  return { full: `✖ no news for ${age}, ${again}`, brief: `✖ lost ${age}, ${again}` }
}

/** What fails while the screen shows what it had; undefined while all is well. */
export const readProblem = (state: State): Problem | undefined =>
  state.source === undefined ? undefined : failureOf(state)?.problem

/** The same in one row, for the message line of screens that have no other place for it. */
export const readProblemLine = (state: State): Line | undefined => {
  const problem = readProblem(state)
  if (problem === undefined) return undefined
  return [span('✖ ', 'bad'), span(clean([problem.what, ...problem.next.slice(0, 1)].join(' ')), 'bad')]
}
