import type { OutputSettings } from '../chunk-processor.ts'
import { maskText } from '../mask/mask-text.ts'
import { hasFullAddress } from './full-addresses.ts'
import type { Hold } from './held.ts'
import { createNotableMessages } from './notable-messages.ts'
import type { CountRow, MessageRow } from './output.ts'
import type { Requests } from './requests.ts'
import { createTally, type Tally, type TallyEntry } from './tally.ts'

export interface CountsResult {
  readonly windowCounts: readonly CountRow[]
  readonly messages: readonly MessageRow[]
  /** Addresses masked in endpoints, once for each request. */
  readonly masked: number
  /** Windows in which a full address stands all the same. */
  readonly full: number
}

interface MaskedEndpoint {
  readonly masked: number
  readonly full: boolean
  /** Null for a request that has none. */
  readonly text: string | null
}

/** Makes `counts` and `messages`, chunk after chunk; requests are told by their numbers. */
export const createCountsRelation = (requests: Requests, settings: OutputSettings) => {
  const tally = createTally()
  const endpoints: MaskedEndpoint[] = []
  const notable = createNotableMessages(requests, settings)

  const endpointOf = (request: number): MaskedEndpoint => {
    for (let next = endpoints.length; next <= request; next++)
      endpoints.push(maskEndpoint(requests.textOf(next).endpoint, settings))
    return endpoints[request] ?? noEndpoint
  }

  /** `others` were counted elsewhere. */
  const end = (others?: Pick<Tally, 'each'>): CountsResult => {
    const each = (visit: (entry: TallyEntry) => void): void => {
      tally.each(visit)
      others?.each(visit)
    }
    const rows: CountRow[] = []
    const full = new Set<bigint>()
    let masked = 0
    notable.begin()
    each(({ window, status, request, n, sum, large }) => {
      const endpoint = endpointOf(request)
      masked += endpoint.masked * n
      const window_us = BigInt(window) * 1_000_000n
      if (endpoint.full) full.add(window_us)
      if (status >= 400) notable.see(window, status, request)
      rows.push({ window_us, status, endpoint: endpoint.text, n, bytes: BigInt(sum) + (large ?? 0n) })
    })
    const messages = notable.end()
    for (const { window_us, message } of messages) if (hasFullAddress(message)) full.add(window_us)
    return { windowCounts: rows, messages, masked, full: full.size }
  }

  return { begin: (hold: Hold): void => tally.begin(hold), add: tally.add, addLarge: tally.addLarge, end }
}

const noEndpoint: MaskedEndpoint = { masked: 0, full: false, text: null }

const maskEndpoint = (endpoint: string | null, settings: OutputSettings): MaskedEndpoint => {
  if (endpoint === null) return noEndpoint
  const { text, masked } = maskText(endpoint, settings)
  return { masked, full: hasFullAddress(text), text }
}
