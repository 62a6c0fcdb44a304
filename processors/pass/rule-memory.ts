import { failedLogins as failedLoginsRule } from '../rules/list.ts'
import type { Thresholds } from '../rules/thresholds.ts'
import { type LoginMemory, loadLogins } from './login-memory.ts'
import { mostRemembered, type RuleState } from './rules.ts'

/** The rules' memory while a chunk is read; loaded from one state and saved as the next. */
export interface RuleMemory {
  /** Counts a request of the window that begins at `window` seconds; the failure that it raises, once a window. */
  request(window: number, status: number): WindowFailure | undefined
  /** How many requests that are no failures may be counted together: none of them raises one. */
  harmless(window: number): number
  /** Counts so many of them. */
  requests(window: number, count: number): void
  readonly logins: LoginMemory
  /** True when this alert was raised in the window before; touched last then. */
  wasRaised(key: string, window: number): boolean
  raise(key: string, window: number): void
  save(): RuleState
}

/** Requests and 5xx answers of a window, in log order up to the line at which it failed. */
export interface WindowFailure {
  readonly requests: number
  readonly errors: number
}

interface WindowCount {
  readonly window: number
  requests: number
  errors: number
  raised: boolean
}

export const loadRules = (state: RuleState, thresholds: Thresholds, filter?: Uint8Array): RuleMemory => {
  const { failureRequests, failureShare } = thresholds
  const windows = new Map<number, WindowCount>()
  for (const [window, requests, errors, raised] of state.windows)
    windows.set(window, { window, requests, errors, raised: raised === 1 })
  const logins = loadLogins(state.logins, filter)
  const raised = new Map(raisedIn(state, thresholds).map((alert) => [`${alert[1]} ${alert[0]}`, alert]))
  let current: WindowCount | undefined

  const open = (window: number): WindowCount => {
    const known = windows.get(window)
    if (known !== undefined) return known
    if (windows.size >= mostRemembered.windows) dropFirst(windows)
    const opened = { window, requests: 0, errors: 0, raised: false }
    windows.set(window, opened)
    return opened
  }

  const countOf = (window: number): WindowCount => {
    if (current === undefined || current.window !== window) current = open(window)
    return current
  }

  const remember = (key: string, window: number): void => {
    const name = `${window} ${key}`
    raised.delete(name)
    if (raised.size >= mostRemembered.raised) dropFirst(raised)
    raised.set(name, [key, window])
  }

  return {
    request(window, status) {
      const count = countOf(window)
      count.requests += 1
      if (status >= 500) count.errors += 1
      if (count.raised || count.requests < failureRequests || count.errors < failureShare * count.requests)
        return undefined
      count.raised = true
      return { requests: count.requests, errors: count.errors }
    },
    harmless(window) {
      const { requests, errors, raised } = countOf(window)
      const looked = Math.max(1, failureRequests - requests)
      // a share that is too small falls with every one of them
      if (raised || errors < failureShare * (requests + looked)) return Number.MAX_SAFE_INTEGER
      return looked - 1
    },
    requests(window, count) {
      countOf(window).requests += count
    },
    logins,
    wasRaised(key, window) {
      const known = raised.has(`${window} ${key}`)
      if (known) remember(key, window)
      return known
    },
    raise: remember,
    save: () => ({
      logins: logins.save(),
      raised: [...raised.values()],
      windows: [...windows.values()].map(
        ({ window, requests, errors, raised: told }) => [window, requests, errors, told ? 1 : 0] as const,
      ),
    }),
  }
}

/** A state of before told by the count alone that failed logins were raised. */
const raisedIn = (state: RuleState, { failedLogins }: Thresholds): NonNullable<RuleState['raised']> =>
  state.raised ??
  state.logins.flatMap(([client, window, failed]) =>
    failed >= failedLogins ? [[alertKey(failedLoginsRule.id, client), window] as const] : [],
  )

/** Names the alerts of a rule about a client, or about one of its users. */
export const alertKey = (rule: string, client: string, user = ''): string =>
  user === '' ? `${rule}/${client}` : `${rule}/${client}/${user}`

const dropFirst = (map: Map<unknown, unknown>): void => {
  for (const key of map.keys()) {
    map.delete(key)
    return
  }
}
