/** The two digits of each number below 100. */
const pairs = Buffer.from(Array.from({ length: 100 }, (_, i) => String(i).padStart(2, '0')).join(''))

/** Writes a whole number from 0 to 2^53 in decimal at `at`; gives the place behind it. */
export const putNumber = (out: Uint8Array, at: number, value: number): number => {
  if (value > 0x7fffffff) {
    const high = Math.floor(value / 10)
    const place = putNumber(out, at, high)
    out[place] = 48 + (value - high * 10)
    return place + 1
  }
  let rest = value | 0
  const end = at + digitsOf(rest)
  let place = end - 1
  while (rest >= 100) {
    const next = (rest / 100) | 0
    const pair = (rest - next * 100) << 1
    out[place] = pairs[pair + 1] ?? 0
    out[place - 1] = pairs[pair] ?? 0
    place -= 2
    rest = next
  }
  out[place] = pairs[(rest << 1) + 1] ?? 0
  if (rest >= 10) out[place - 1] = pairs[rest << 1] ?? 0
  return end
}

/** How many digits a number below 2^31 has. */
const digitsOf = (value: number): number => {
  if (value < 100_000) return value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : value < 10_000 ? 4 : 5
  if (value < 10_000_000) return value < 1_000_000 ? 6 : 7
  return value < 100_000_000 ? 8 : value < 1_000_000_000 ? 9 : 10
}
