import type { RuleState } from './rules.ts'

/** Logs whose header is remembered; the first seen make room. */
const mostHeaders = 100

/** The header that named the fields of a log before this chunk. */
export const headerOf = (state: RuleState, log: string): string | undefined =>
  state.headers?.find(([id]) => id === log)?.[1]

/** The state at the end of a chunk with the headers known before it, and the one that holds there. */
export const withHeader = (state: RuleState, before: RuleState, log: string, header: string | undefined): RuleState => {
  const headers = before.headers ?? []
  if (header === undefined || headerOf(before, log) === header)
    return headers.length === 0 || state.headers === headers ? state : { ...state, headers }
  const others = headers.filter(([id]) => id !== log)
  return { ...state, headers: [...others, [log, header] as const].slice(-mostHeaders) }
}
