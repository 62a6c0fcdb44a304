import type { OutputSettings } from '../chunk-processor.ts'
import { maskText } from '../mask/mask-text.ts'
import { createFieldFile, fitsField, putNumber, putSeparator, putSixDigits } from './field-file.ts'
import { hasFullAddress } from './full-addresses.ts'
import type { Hold } from './held.ts'
import { createNotableMessages } from './notable-messages.ts'
import type { CountRow, FieldRelation, MessageRow } from './output.ts'
import type { Requests } from './requests.ts'
import { createTally, type TallyEntry } from './tally.ts'

export interface CountsResult {
  readonly windowCounts: FieldRelation<CountRow>
  readonly messages: readonly MessageRow[]
  /** Addresses masked in endpoints, once for each request. */
  readonly masked: number
  /** Windows in which a full address stands all the same. */
  readonly full: number
}

interface MaskedEndpoint {
  readonly masked: number
  readonly full: boolean
  /** Its bytes, or its text where a field cannot hold it. */
  readonly field: Buffer | string
}

/** Bytes of the four numbers of a row, with what stands between them. */
const numbersOfRow = 80

/** Makes `counts` and `messages`, chunk after chunk; requests are told by their numbers. */
export const createCountsRelation = (requests: Requests, settings: OutputSettings) => {
  const tally = createTally()
  const file = createFieldFile()
  const endpoints: MaskedEndpoint[] = []
  const notable = createNotableMessages(requests, settings)

  const endpointOf = (request: number): MaskedEndpoint => {
    for (let next = endpoints.length; next <= request; next++)
      endpoints.push(maskEndpoint(requests.textOf(next).endpoint, settings))
    return endpoints[request] ?? noEndpoint
  }

  const put = ({ window, status, n, sum }: TallyEntry, field: Buffer): void => {
    const out = file.bytes
    let at = putSeparator(out, putSixDigits(out, putNumber(out, file.length, window), 0))
    at = putSeparator(out, putNumber(out, at, status))
    at += field.copy(out, at)
    at = putSeparator(out, putNumber(out, putSeparator(out, at), n))
    at = putNumber(out, at, sum)
    out[at] = 10
    file.length = at + 1
    file.rows += 1
  }

  const end = (): CountsResult => {
    const exact: CountRow[] = []
    const full = new Set<bigint>()
    let masked = 0
    let expected = 0
    tally.each(({ request }) => {
      expected += endpointOf(request).field.length + numbersOfRow
    })
    file.begin(expected)
    notable.begin()
    tally.each((entry) => {
      const { window, status, request, n, sum, large } = entry
      const endpoint = endpointOf(request)
      masked += endpoint.masked * n
      if (endpoint.full) full.add(BigInt(window) * 1_000_000n)
      if (status >= 400) notable.see(window, status, request)
      if (typeof endpoint.field !== 'string' && large === undefined) put(entry, endpoint.field)
      else
        exact.push({
          window_us: BigInt(window) * 1_000_000n,
          status,
          endpoint: textOf(endpoint),
          n,
          bytes: BigInt(sum) + (large ?? 0n),
        })
    })
    const messages = notable.end()
    for (const { window_us, message } of messages) if (hasFullAddress(message)) full.add(window_us)
    return { windowCounts: { file: file.taken(), fileRows: file.rows, exact }, messages, masked, full: full.size }
  }

  return { begin: (hold: Hold): void => tally.begin(hold), add: tally.add, addLarge: tally.addLarge, end }
}

const noEndpoint: MaskedEndpoint = { masked: 0, full: false, field: Buffer.alloc(0) }

const textOf = (endpoint: MaskedEndpoint): string | null => (endpoint === noEndpoint ? null : String(endpoint.field))

const maskEndpoint = (endpoint: string | null, settings: OutputSettings): MaskedEndpoint => {
  if (endpoint === null) return noEndpoint
  const { text, masked } = maskText(endpoint, settings)
  return { masked, full: hasFullAddress(text), field: text !== '' && fitsField(text) ? Buffer.from(text) : text }
}
