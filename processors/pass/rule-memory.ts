import { mostRemembered, type RuleState, rules } from './rules.ts'

/** The rules' memory while a chunk is read; loaded from one state and saved as the next. */
export interface RuleMemory {
  /** Counts a request of the window that begins at `window` seconds; the failure that it raises, once a window. */
  request(window: number, status: number): WindowFailure | undefined
  /** Counts a failed login; true when it is the one that raises an alert. */
  failedLogin(client: string, window: number): boolean
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

const needed = rules.systemFailure

export const loadRules = (state: RuleState): RuleMemory => {
  const windows = new Map<number, WindowCount>()
  for (const [window, requests, errors, raised] of state.windows)
    windows.set(window, { window, requests, errors, raised: raised === 1 })
  const logins = new Map(state.logins.map(([client, window, failed]) => [`${window} ${client}`, failed]))
  let current: WindowCount | undefined

  const open = (window: number): WindowCount => {
    const known = windows.get(window)
    if (known !== undefined) return known
    if (windows.size >= mostRemembered.windows) dropFirst(windows)
    const opened = { window, requests: 0, errors: 0, raised: false }
    windows.set(window, opened)
    return opened
  }

  return {
    request(window, status) {
      if (current === undefined || current.window !== window) current = open(window)
      const count = current
      count.requests += 1
      if (status >= 500) count.errors += 1
      if (count.raised || count.requests < needed.requests || count.errors < needed.share * count.requests)
        return undefined
      count.raised = true
      return { requests: count.requests, errors: count.errors }
    },
    failedLogin(client, window) {
      const key = `${window} ${client}`
      const failed = (logins.get(key) ?? 0) + 1
      logins.delete(key)
      if (logins.size >= mostRemembered.logins) dropFirst(logins)
      logins.set(key, failed)
      return failed === rules.failedLogins.threshold
    },
    save: () => ({
      logins: [...logins].map(([key, failed]) => {
        const space = key.indexOf(' ')
        return [key.slice(space + 1), Number(key.slice(0, space)), failed] as const
      }),
      windows: [...windows.values()].map(
        ({ window, requests, errors, raised }) => [window, requests, errors, raised ? 1 : 0] as const,
      ),
    }),
  }
}

const dropFirst = (map: Map<unknown, unknown>): void => {
  for (const key of map.keys()) {
    map.delete(key)
    return
  }
}
