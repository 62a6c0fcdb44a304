import type { OutputSettings } from '../chunk-processor.ts'
import { maskText } from '../mask/mask-text.ts'
import { hasFullAddress } from './full-addresses.ts'
import type { Hold } from './held.ts'
import { createNotableMessages } from './notable-messages.ts'
import type { MessageRow } from './output.ts'
import type { Requests } from './requests.ts'
import { createTally, type Tally, type TallyEntry } from './tally.ts'
import { beginWindowCounts, type WindowCounts } from './window-counts.ts'

export interface CountsResult {
  readonly windowCounts: WindowCounts
  readonly messages: readonly MessageRow[]
  /** Addresses masked in endpoints, once for each request. */
  readonly masked: number
  /** Windows in which a full address stands all the same. */
  readonly full: number
}

interface MaskedEndpoint {
  readonly masked: number
  readonly full: boolean
  /** The place of its text. */
  readonly place: number
}

/** Makes `counts` and `messages`, chunk after chunk; requests are told by their numbers. */
export const createCountsRelation = (requests: Requests, settings: OutputSettings) => {
  const tally = createTally()
  const endpoints: MaskedEndpoint[] = []
  const texts: (string | null)[] = []
  const places = new Map<string | null, number>()
  const notable = createNotableMessages(requests, settings)

  const placeOf = (text: string | null): number => {
    const known = places.get(text)
    if (known !== undefined) return known
    const place = texts.push(text) - 1
    places.set(text, place)
    return place
  }

  const maskEndpoint = (endpoint: string | null): MaskedEndpoint => {
    if (endpoint === null) return { masked: 0, full: false, place: placeOf(null) }
    const { text, masked } = maskText(endpoint, settings)
    return { masked, full: hasFullAddress(text), place: placeOf(text) }
  }

  const endpointOf = (request: number): MaskedEndpoint => {
    const known = endpoints[request]
    if (known !== undefined) return known
    for (let next = endpoints.length; next < request; next++) endpointOf(next)
    const made = maskEndpoint(requests.textOf(request).endpoint)
    endpoints[request] = made
    return made
  }

  /** `others` were counted elsewhere. */
  const end = (others?: Pick<Tally, 'each' | 'size'>): CountsResult => {
    const counts = beginWindowCounts(tally.size() + (others?.size() ?? 0))
    const full = new Set<number>()
    let masked = 0
    notable.begin()
    const visit = (entry: TallyEntry): void => {
      const { window, status, request, n } = entry
      const endpoint = endpointOf(request)
      masked += endpoint.masked * n
      if (endpoint.full) full.add(window)
      if (status >= 400) notable.see(window, status, request)
      counts.add(entry, endpoint.place)
    }
    tally.each(visit)
    others?.each(visit)
    const messages = notable.end()
    for (const { window_us, message } of messages) if (hasFullAddress(message)) full.add(Number(window_us / 1_000_000n))
    return { windowCounts: counts.end(texts), messages, masked, full: full.size }
  }

  return { begin: (hold: Hold): void => tally.begin(hold), add: tally.add, addLarge: tally.addLarge, end }
}
