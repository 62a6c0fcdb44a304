/** Sorts endpoints in place by their requests, most first; those that are alike by the bytes of their texts, null last. */
export type SortEndpoints = (endpoints: Int32Array, requestsOf: (endpoint: number) => number) => Int32Array

/** More than a chunk has lines: with the place of a text below it, a key is a whole number that a double holds. */
const mostRequests = 2 ** 31
const mostTexts = 2 ** 22

/** For endpoints that are places in `texts`, of which those are sorted that are `used`. */
export const createEndpointOrder = (texts: readonly (string | null)[], used: Uint8Array): SortEndpoints => {
  const byText = Int32Array.from(texts.keys()).filter((endpoint) => used[endpoint] === 1)
  const isPlain = byText.every((endpoint) => !/[\ud800-\uffff]/.test(texts[endpoint] ?? ''))
  const compare = isPlain ? compareUnits : compareBytes
  const sorted = Array.from(byText).sort((a, b) => compareTexts(texts[a] ?? null, texts[b] ?? null, compare))
  const places = new Int32Array(texts.length)
  for (const [place, endpoint] of sorted.entries()) places[endpoint] = place
  const keys = new Float64Array(sorted.length)

  return (endpoints, requestsOf) => {
    for (const [i, endpoint] of endpoints.entries())
      keys[i] = (mostRequests - requestsOf(endpoint)) * mostTexts + (places[endpoint] ?? 0)
    const ranked = keys.subarray(0, endpoints.length).sort()
    for (const [i, key] of ranked.entries()) endpoints[i] = sorted[key % mostTexts] ?? 0
    return endpoints
  }
}

const compareTexts = (a: string | null, b: string | null, compare: (a: string, b: string) => number): number =>
  a === null || b === null ? Number(a === null) - Number(b === null) : compare(a, b)

/** The order of bytes, where no text has a character beyond U+D7FF. */
const compareUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
