import type { Endpoint } from './types.ts'

interface SeenRequest {
  readonly endpoint: Endpoint
  readonly method: string
  /** Path and query as sent. */
  readonly path: string
  /** Decoded JSON or form, of an upload its JSON part; undefined without one. */
  readonly body?: unknown
  /** Account behind the token; undefined without a token or with an unknown one. */
  readonly account?: string
  /** What was done to it, if anything. */
  readonly fault?: string
  /** Status of the answer; undefined when none was sent. */
  readonly status?: number
}

/** Every request that reached the server, in the order of arrival. */
export interface RequestLog {
  readonly all: readonly SeenRequest[]
  /** How many of some endpoints; of all without arguments. */
  count(...endpoints: readonly Endpoint[]): number
  of(...endpoints: readonly Endpoint[]): readonly SeenRequest[]
  /** Starts counting anew; the numbers of faults go on. */
  clear(): void
}

/** A request while it is served: its facts are filled in as they become known. */
export type OpenRequest = { -readonly [Key in keyof SeenRequest]: SeenRequest[Key] }

export const openRequestLog = (): RequestLog & { readonly add: (request: OpenRequest) => void } => {
  const all: OpenRequest[] = []
  const of = (...endpoints: readonly Endpoint[]) =>
    endpoints.length === 0 ? [...all] : all.filter(({ endpoint }) => endpoints.includes(endpoint))
  return {
    get all() {
      return [...all]
    },
    of,
    count: (...endpoints) => of(...endpoints).length,
    clear: () => {
      all.length = 0
    },
    add: (request) => {
      all.push(request)
    },
  }
}
