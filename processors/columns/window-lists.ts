import type { CountRow } from '../pass/output.ts'

/** Requests and bytes of one endpoint or status. */
export interface Counted<Of> {
  readonly of: Of
  readonly n: number
  /** Sizes that a server made up may add up to more than INT64 holds: such a sum stops at the largest. */
  readonly bytes: bigint
}

/** Endpoints of a window that keep their name, the largest ones, so that a scan of random paths stays small. */
const mostEndpoints = 1000

/** What the other endpoints are called together. */
const others = '(other)'

const largest = 2n ** 63n - 1n

/** Endpoints by their requests, most first. */
export const endpointsOf = (rows: readonly CountRow[]): readonly Counted<string | null>[] => {
  const sums = sumsBy(rows, ({ endpoint }) => endpoint)
  const ranked = sums.filter(({ of }) => of !== others).sort(byRequests)
  const named = ranked.slice(0, mostEndpoints)
  const rest = [...ranked.slice(mostEndpoints), ...sums.filter(({ of }) => of === others)]
  return (rest.length === 0 ? named : [...named, { of: others, ...sumOf(rest) }].sort(byRequests)).map(bounded)
}

/** Statuses in their order. */
export const statusesOf = (rows: readonly CountRow[]): readonly Counted<number>[] =>
  sumsBy(rows, ({ status }) => status)
    .sort((a, b) => a.of - b.of)
    .map(bounded)

export const sumOf = (counted: readonly Counted<unknown>[]): Pick<Counted<unknown>, 'n' | 'bytes'> =>
  bounded({
    n: counted.reduce((sum, { n }) => sum + n, 0),
    bytes: counted.reduce((sum, { bytes }) => sum + bytes, 0n),
  })

const sumsBy = <Of>(rows: readonly CountRow[], keyOf: (row: CountRow) => Of): Counted<Of>[] => {
  const sums = new Map<Of, { n: number; bytes: bigint }>()
  for (const row of rows) {
    const key = keyOf(row)
    const sum = sums.get(key)
    if (sum === undefined) sums.set(key, { n: row.n, bytes: row.bytes })
    else {
      sum.n += row.n
      sum.bytes += row.bytes
    }
  }
  return [...sums].map(([of, sum]) => ({ of, ...sum }))
}

/** No endpoint comes last; texts are ordered by their bytes. */
const byRequests = (a: Counted<string | null>, b: Counted<string | null>): number => {
  if (a.n !== b.n) return b.n - a.n
  if (a.of === null || b.of === null) return a.of === b.of ? 0 : a.of === null ? 1 : -1
  return Buffer.compare(Buffer.from(a.of), Buffer.from(b.of))
}

const bounded = <Sum extends { readonly bytes: bigint }>(sum: Sum): Sum =>
  sum.bytes > largest ? { ...sum, bytes: largest } : sum
