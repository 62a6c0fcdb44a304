/** What the rules remember between chunks; plain JSON, bounded, without a readable address. */
export interface RuleState {
  /** Failed logins: hash of the client, start of the window in seconds, how many; the longest untouched first. */
  readonly logins: readonly (readonly [client: string, window: number, failed: number])[]
  /** Requests and 5xx answers a window, start in seconds; 1 once its system failure was raised; the first seen first. */
  readonly windows: readonly (readonly [window: number, requests: number, errors: number, raised: 0 | 1])[]
}

/** The state before the first byte of a log. */
export const initialRules = (): RuleState => ({ logins: [], windows: [] })
