import { loginFilterBytes } from '../vector/layout.ts'
import { mostRemembered, type RuleState } from './rules.ts'

/** Failed logins in a row, a client, window and place. */
export interface LoginMemory {
  /** Counts a failed login; how many it makes in a row. */
  fail(client: string, window: number, where: string, mark: number): number
  /** True when the client has a failed login in the window. */
  hasFailed(client: string, window: number): boolean
  /** Takes the failed logins of these places back. */
  succeed(client: string, window: number, places: readonly string[]): void
  /** False only if no client of this mark has a failed login in the window; quick. */
  mayHaveFailed(window: number, mark: number): boolean
  save(): RuleState['logins']
}

/** Characters of a host that its mark is made of: the last ones part clients best. */
const markedBytes = 8

/** A number below 65,536 for the host in `[start, end)`: quick, and too small to name anybody. */
export const markOf = (bytes: Uint8Array, start: number, end: number): number => {
  let hash = 0
  for (let i = Math.max(start, end - markedBytes); i < end; i++) hash = Math.imul(hash, 31) + (bytes[i] ?? 0)
  return Math.imul(hash, 0x9e3779b1) >>> 16
}

/** The bit of a client in the filter that is asked for every success. */
const bitOf = (window: number, mark: number): number =>
  (Math.imul(window, 0x85ebca6b) ^ Math.imul(mark, 0x9e3779b1)) >>> 11

/** Places of one client that are remembered. */
const mostPlaces = 64

/** The name of the login paths among the places of a client. */
export const loginPlace = ''

interface Client {
  readonly client: string
  readonly window: number
  readonly places: Map<string, { failed: number; readonly mark: number | undefined }>
}

/** `filter` is memory for its bits, all of them 0. */
export const loadLogins = (
  state: RuleState['logins'],
  filter: Uint8Array = new Uint8Array(loginFilterBytes),
): LoginMemory => {
  const clients = new Map<string, Client>()
  let size = 0

  const note = (window: number, mark: number | undefined): void => {
    if (mark === undefined) filter.fill(255)
    else {
      const bit = bitOf(window, mark)
      filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7))
    }
  }

  const drop = (map: Map<string, unknown>, key: string | undefined): boolean => key !== undefined && map.delete(key)
  const firstOf = (map: ReadonlyMap<string, unknown>): string | undefined => map.keys().next().value

  /** The client, moved behind all others. */
  const touch = (client: string, window: number): Client => {
    const key = `${window} ${client}`
    const known = clients.get(key) ?? { client, window, places: new Map() }
    clients.delete(key)
    clients.set(key, known)
    return known
  }

  const forgetOldest = (): void => {
    while (size > mostRemembered.logins) {
      const key = firstOf(clients)
      size -= clients.get(key ?? '')?.places.size ?? size
      drop(clients, key)
    }
  }

  for (const [client, window, failed, where = loginPlace, mark] of state) {
    touch(client, window).places.set(where, { failed, mark })
    note(window, mark)
    size += 1
  }

  return {
    fail(client, window, where, mark) {
      const { places } = touch(client, window)
      const failed = (places.get(where)?.failed ?? 0) + 1
      if (!places.delete(where)) size += 1
      if (places.size >= mostPlaces && drop(places, firstOf(places))) size -= 1
      places.set(where, { failed, mark })
      note(window, mark)
      forgetOldest()
      return failed
    },
    hasFailed: (client, window) => clients.has(`${window} ${client}`),
    succeed(client, window, given) {
      const key = `${window} ${client}`
      const known = clients.get(key)
      if (known === undefined) return
      for (const where of given) if (known.places.delete(where)) size -= 1
      if (known.places.size === 0) clients.delete(key)
    },
    mayHaveFailed: (window, mark) => {
      const bit = bitOf(window, mark)
      return ((filter[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0
    },
    save: () =>
      [...clients.values()].flatMap(({ client, window, places }) =>
        [...places].map(([where, { failed, mark }]) =>
          mark === undefined ? ([client, window, failed] as const) : ([client, window, failed, where, mark] as const),
        ),
      ),
  }
}
