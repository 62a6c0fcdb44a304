/** How many times as long one thing takes as another, at best: both in turn, because others use this machine, too. Ends once it is below `bound`. */
export const leastRatio = async (
  longer: () => Promise<unknown>,
  shorter: () => Promise<unknown>,
  bound: number,
): Promise<number> => {
  let long = Number.POSITIVE_INFINITY
  let short = Number.POSITIVE_INFINITY
  for (let look = 0; look < mostLooks && (look < fewestLooks || long / short >= bound); look++) {
    short = Math.min(short, await elapsed(shorter))
    long = Math.min(long, await elapsed(longer))
  }
  return long / short
}

const fewestLooks = 3
const mostLooks = 20

const elapsed = async (act: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await act()
  return performance.now() - start
}
