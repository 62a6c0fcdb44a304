/** What the rules remember between chunks; plain JSON, bounded, without a readable address. */
export interface RuleState {
  /**
   * Failed logins in a row: hash of the client, start of the window in seconds, how many, whose or where (a hash; nothing
   * for login paths) and the mark of the client; clients in the order in which they were touched last.
   */
  readonly logins: readonly (readonly [
    client: string,
    window: number,
    failed: number,
    where?: string | undefined,
    mark?: number | undefined,
  ])[]
  /** Security alerts that were raised: hash of rule and client, start of the window; the longest untouched first. */
  readonly raised?: readonly (readonly [key: string, window: number])[] | undefined
  /** Requests and 5xx answers a window, start in seconds; 1 once its system failure was raised; the first seen first. */
  readonly windows: readonly (readonly [window: number, requests: number, errors: number, raised: 0 | 1])[]
  /** The `#Fields:` line of a log that has one, by the log's fingerprint. */
  readonly headers?: readonly (readonly [log: string, header: string])[]
}

/** The state before the first byte of a log. */
export const initialRules = (): RuleState => ({ logins: [], raised: [], windows: [] })

/** Failed logins, alerts and windows that are remembered at most; the oldest make room. */
export const mostRemembered = { logins: 10_000, raised: 10_000, windows: 1_000 } as const
