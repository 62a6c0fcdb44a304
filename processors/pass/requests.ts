import { createInterner } from './interner.ts'
import { endpointOf } from './request.ts'
import { findProbe, findProbeIn, isLoginPath, type ProbeRule } from './rules.ts'

/** The different requests of some chunks, query strings left out, and what the rules think of each. */
export interface Requests {
  /** The number of `METHOD endpoint`. */
  simple(bytes: Uint8Array, start: number, end: number): number
  /** The number of a request that has no method and no endpoint. */
  odd(request: string): number
  /** The probe rule that a whole target meets. */
  probe(bytes: Uint8Array, start: number, end: number): ProbeRule | undefined
  readonly verdicts: readonly RequestVerdict[]
  /** Requests and targets held. */
  size(): number
}

export interface RequestVerdict {
  /** `METHOD endpoint`, or the whole request when it has neither. */
  readonly text: string
  readonly endpoint: string | null
  /** POST of a login path. */
  readonly login: boolean
  readonly probe: ProbeRule | undefined
}

export const createRequests = (): Requests => {
  const interner = createInterner()
  const verdicts: RequestVerdict[] = []
  const targets = createInterner()
  const probes: (ProbeRule | undefined)[] = []

  const known = (id: number): number => {
    if (id === verdicts.length) verdicts.push(judge(interner.text(id)))
    return id
  }

  return {
    simple: (bytes, start, end) => known(interner.intern(bytes, start, end)),
    odd: (request) => {
      const key = Buffer.from(`${oddMark}${request}`)
      return known(interner.intern(key, 0, key.length))
    },
    probe: (bytes, start, end) => {
      const id = targets.intern(bytes, start, end)
      if (id === probes.length) probes.push(findProbe(targets.text(id)))
      return probes[id]
    },
    verdicts,
    size: () => verdicts.length + probes.length,
  }
}

/** No method begins with it. */
const oddMark = '\0'

const judge = (key: string): RequestVerdict => {
  if (key.startsWith(oddMark)) {
    const text = key.slice(oddMark.length)
    return { text, endpoint: null, login: false, probe: findProbeIn(endpointOf(text)) }
  }
  const space = key.indexOf(' ')
  const endpoint = key.slice(space + 1)
  const login = key.startsWith('POST ') && isLoginPath(endpoint)
  return { text: key, endpoint, login, probe: findProbeIn(endpoint) }
}
