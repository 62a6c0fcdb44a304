import { findInQuery, judgePath, oddTargetOf, type PathVerdict } from '../rules/judge-request.ts'
import type { ProbeRule } from '../rules/rule.ts'
import { createInterner } from './interner.ts'
import { endpointOf } from './request.ts'

/** The different requests of some chunks, query strings left out, and what the rules think of each. */
export interface Requests {
  /** The number of `METHOD endpoint`. */
  simple(bytes: Uint8Array, start: number, end: number): number
  /** The number of a request that has no method and no endpoint. */
  odd(request: string): number
  /** The attack in the query string of a target. */
  attackInQuery(bytes: Uint8Array, start: number, end: number): ProbeRule | undefined
  readonly verdicts: readonly RequestVerdict[]
  textOf(id: number): RequestText
  /** Bytes of requests and targets that are held. */
  size(): number
}

export interface RequestVerdict {
  readonly path: PathVerdict
  /** POST of a login path. */
  readonly login: boolean
  /** A method that only looks. */
  readonly get: boolean
}

/** What a request says. */
interface RequestText {
  /** `METHOD endpoint`, or the whole request when it has neither. */
  readonly text: string
  readonly endpoint: string | null
}

export const createRequests = (): Requests => {
  const interner = createInterner()
  const verdicts: RequestVerdict[] = []
  const targets = createInterner()
  const attacks: (ProbeRule | undefined)[] = []

  const textOf = (id: number): RequestText => {
    const key = interner.text(id)
    if (key.startsWith(oddMark)) return { text: key.slice(oddMark.length), endpoint: null }
    return { text: key, endpoint: key.slice(key.indexOf(' ') + 1) }
  }

  const known = (id: number): number => {
    if (id === verdicts.length) verdicts.push(judge(textOf(id)))
    return id
  }

  return {
    simple: (bytes, start, end) => known(interner.intern(bytes, start, end)),
    odd: (request) => {
      const key = Buffer.from(`${oddMark}${request}`)
      return known(interner.intern(key, 0, key.length))
    },
    attackInQuery: (bytes, start, end) => {
      const id = targets.intern(bytes, start, end)
      if (id === attacks.length) attacks.push(findInQuery(targets.text(id)))
      return attacks[id]
    },
    verdicts,
    textOf,
    size: () => interner.bytes() + targets.bytes(),
  }
}

/** No method begins with it. */
const oddMark = '\0'

const judge = ({ text, endpoint }: RequestText): RequestVerdict => {
  const path = judgePath(endpoint ?? endpointOf(oddTargetOf(text)))
  return { path, login: path.login && text.startsWith('POST '), get: /^(?:GET|HEAD|OPTIONS) /.test(text) }
}
