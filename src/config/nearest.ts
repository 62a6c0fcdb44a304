/** Letters to insert, remove, exchange or swap to make `b` of `a`. */
const distance = (a: string, b: string): number => {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row.push(
        Math.min(
          at(rows, i - 1, j) + 1,
          (row[j - 1] ?? 0) + 1,
          at(rows, i - 1, j - 1) + change,
          swapped ? at(rows, i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    rows.push(row)
  }
  return at(rows, a.length, b.length)
}

const at = (rows: readonly (readonly number[])[], i: number, j: number): number => rows[i]?.[j] ?? 0

const last = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

/** The known path that was most likely meant: the same last word elsewhere counts as one slip, and so does a word left off at the end. */
export const nearestPath = (unknown: string, known: readonly string[]): string | undefined => {
  const scored = known.map((path) => ({
    path,
    slips: path.startsWith(`${unknown}_`)
      ? 1
      : Math.min(distance(unknown, path), distance(last(unknown), last(path)) + 1),
  }))
  scored.sort((a, b) => a.slips - b.slips)
  const best = scored[0]
  return best !== undefined && best.slips <= Math.max(2, last(unknown).length / 2) ? best.path : undefined
}
