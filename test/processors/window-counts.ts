import type { CountRow } from '../../processors/pass/output.ts'
import type { WindowCounts } from '../../processors/pass/window-counts.ts'

/** Rows of counts as a pass has them. */
export const countsOf = (rows: readonly CountRow[]): WindowCounts => {
  const texts = [...new Set(rows.map(({ endpoint }) => endpoint))]
  const starts = [...new Set(rows.map(({ window_us }) => Number(window_us / 1_000_000n)))]
  const isExact = (bytes: bigint): boolean => bytes <= Number.MAX_SAFE_INTEGER
  return {
    length: rows.length,
    starts,
    windows: Int32Array.from(rows, ({ window_us }) => starts.indexOf(Number(window_us / 1_000_000n))),
    statuses: Int32Array.from(rows, ({ status }) => status),
    endpoints: Int32Array.from(rows, ({ endpoint }) => texts.indexOf(endpoint)),
    requests: Float64Array.from(rows, ({ n }) => n),
    sums: Float64Array.from(rows, ({ bytes }) => (isExact(bytes) ? Number(bytes) : 0)),
    large: new Map(rows.flatMap(({ bytes }, entry) => (isExact(bytes) ? [] : [[entry, bytes] as const]))),
    texts,
  }
}
