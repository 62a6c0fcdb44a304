import { seededRandom } from './random.ts'
import type { Endpoint } from './types.ts'

/** Reasons that a job, or a 403, ends with. */
type JobReason =
  | 'backendError'
  | 'internalError'
  | 'jobBackendError'
  | 'jobInternalError'
  | 'jobRateLimitExceeded'
  | 'rateLimitExceeded'
  | 'quotaExceeded'
  | 'invalid'
  | 'notFound'
  | 'accessDenied'
  | 'bytesBilledLimitExceeded'
  | 'stopped'

/**
 * What goes wrong. Before acceptance nothing is done; after acceptance all is done and the caller does not learn it.
 * An upload is cut, or refused, in the middle of its file when it is before acceptance.
 */
export type FaultKind =
  | 'cut before acceptance'
  | 'cut after acceptance'
  | '500 before acceptance'
  | '503 before acceptance'
  | '503 after acceptance'
  /** Neither an answer nor an end, and nothing is done. */
  | 'silence'
  | 'silence after acceptance'
  /** Head and half of the body, then nothing. */
  | 'never ending answer'
  | `answer after ${number} ms`
  | '429 Retry-After 1'
  | '403 rateLimitExceeded'
  | '403 quotaExceeded'
  | '403 accessDenied'
  | '403 billingNotEnabled'
  | '403 accessNotConfigured'
  /** A login of gcloud without a quota project. */
  | '403 no quota project'
  | '404 notFound'
  /** 502 with a page of a proxy. */
  | 'html page'
  /** The page of a captive portal: 200. */
  | 'html page with 200'
  /** The page of a proxy that lets nobody through. */
  | 'html page with 403'
  /** 200 with the first half of the JSON. Accepted. */
  | 'cut JSON'
  /** 200 with a job that has no status, or `{}`. Accepted. */
  | '200 without status'
  /** 401, and the token is unknown from now on. */
  | 'expired token'
  /** Of /token: the key is not known (any more). */
  | 'invalid_grant'
  /** Of /token: the clock of the caller is wrong. */
  | 'clock wrong'
  /** Of the job that the request makes: accepted, then DONE with that reason; nothing loaded, the id is burnt. */
  | `job fails with ${JobReason}`
  /** Of the job that the request makes: it never ends, but jobs.cancel ends it. */
  | 'stay PENDING'
  | 'stay RUNNING'
  /** Of the job that the request makes: RUNNING is said so many times, then the truth. */
  | `RUNNING for ${number} polls`

export interface Fault {
  readonly on: Endpoint | readonly Endpoint[] | 'any'
  /** Which request it hits, from 1, of those that match and came since the fault was added; 1 unless told. */
  readonly nth?: number
  /** How many in a row from there; 1 unless told, `Number.POSITIVE_INFINITY` for all that follow. */
  readonly times?: number
  readonly do: FaultKind
  /** Hits only requests whose path or JSON has this text, for example a table's name. */
  readonly about?: string
}

/** Faults by chance, the same ones for the same seed and order of requests. */
interface RandomFaults {
  /** Share of the requests that are hit, 0 to 1. */
  readonly share: number
  readonly kinds: readonly FaultKind[]
  readonly seed: number
  /** Only these; every endpoint unless told. */
  readonly on?: readonly Endpoint[]
}

/** A table of faults: the first that matches a request hits it, and every fault counts the requests that match it. */
export interface FaultTable {
  add(...faults: readonly Fault[]): void
  /** From now on, beside the table; a second call replaces the first. */
  random(faults: RandomFaults): void
  clear(): void
  /** Those that hit, in order. */
  readonly fired: readonly { readonly endpoint: Endpoint; readonly kind: FaultKind }[]
}

export interface FaultPicker extends FaultTable {
  readonly pick: (endpoint: Endpoint, text: string) => FaultKind | undefined
}

const makesJob = new Set<Endpoint>(['jobs.insert', 'jobs.insert.query', 'jobs.query'])

/** Whether a kind means anything to a request: only some make jobs, one gives tokens. */
const fits = (kind: FaultKind, endpoint: Endpoint): boolean => {
  if (/^(job fails|stay|RUNNING for)/.test(kind)) return makesJob.has(endpoint)
  if (kind === 'invalid_grant' || kind === 'clock wrong') return endpoint === 'oauth.token'
  return kind !== 'expired token' || endpoint !== 'oauth.token'
}

export const openFaultTable = (): FaultPicker => {
  let rows: { readonly fault: Fault; seen: number }[] = []
  let chance: { readonly faults: RandomFaults; readonly next: () => number } | undefined
  const fired: { endpoint: Endpoint; kind: FaultKind }[] = []

  const fromTable = (endpoint: Endpoint, text: string): FaultKind | undefined => {
    let found: FaultKind | undefined
    for (const row of rows) {
      const { on, nth = 1, times = 1, about } = row.fault
      if (on !== 'any' && on !== endpoint && !(Array.isArray(on) && on.includes(endpoint))) continue
      if (!fits(row.fault.do, endpoint) || (about !== undefined && !text.includes(about))) continue
      row.seen += 1
      if (row.seen >= nth && row.seen < nth + times) found ??= row.fault.do
    }
    return found
  }

  const byChance = (endpoint: Endpoint): FaultKind | undefined => {
    if (chance === undefined || chance.faults.on?.includes(endpoint) === false) return undefined
    const { share } = chance.faults
    const kinds = chance.faults.kinds.filter((kind) => fits(kind, endpoint))
    // Two draws a request, hit or not, so that one more kind changes no later hit.
    const hit = chance.next() < share
    const kind = kinds[Math.floor(chance.next() * kinds.length)]
    return hit ? kind : undefined
  }

  return {
    add: (...faults) => {
      rows.push(...faults.map((fault) => ({ fault, seen: 0 })))
    },
    random: (faults) => {
      chance = { faults, next: seededRandom(faults.seed) }
    },
    clear: () => {
      rows = []
      chance = undefined
    },
    get fired() {
      return [...fired]
    },
    pick: (endpoint, text) => {
      const kind = fromTable(endpoint, text) ?? byChance(endpoint)
      if (kind !== undefined) fired.push({ endpoint, kind })
      return kind
    },
  }
}
