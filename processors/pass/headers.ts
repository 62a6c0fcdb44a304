import type { RuleState } from './rules.ts'

/** Logs whose header is remembered; the first seen make room. */
const mostHeaders = 100

/** The header that named the fields of a log before this chunk. */
export const headerOf = (state: RuleState, log: string): string | undefined =>
  state.headers?.find(([id]) => id === log)?.[1]

/** The state with the header that holds at the end of a chunk. */
export const withHeader = (state: RuleState, log: string, header: string | undefined): RuleState => {
  if (header === undefined || headerOf(state, log) === header) return state
  const others = (state.headers ?? []).filter(([id]) => id !== log)
  return { ...state, headers: [...others, [log, header] as const].slice(-mostHeaders) }
}
