/** Numbers from 0 up to, not including, 1. */
export type Random = () => number

/** Picks one of a fixed list by weight. */
export type Pick<T> = (random: Random) => T

/** sfc32, seeded by a text: the same text gives the same numbers everywhere. */
export const seededRandom = (seed: string): Random => {
  let [a, b, c, d] = [hash(seed, 0), hash(seed, 1), hash(seed, 2), 1]
  const next = (): number => {
    const sum = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4_294_967_296
  }
  for (let i = 0; i < 12; i++) next()
  return next
}

/** FNV-1a over the characters, salted. */
const hash = (text: string, salt: number): number => {
  let value = 0x811c9dc5 ^ (salt * 0x9e3779b9)
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value | 0
}

/** A whole number from `from` to `to`, both included. */
export const between = (random: Random, from: number, to: number): number =>
  from + Math.floor(random() * (to - from + 1))

/** One of a list, all equally likely; the list must not be empty. */
export const oneOf = <T>(random: Random, list: readonly T[]): T => {
  const found = list[Math.floor(random() * list.length)]
  if (found === undefined) throw new Error('oneOf wants a list with something in it')
  return found
}

/** A picker over entries with weights; entries of weight 0 are never picked. */
export const weighted = <T>(entries: readonly (readonly [T, number])[]): Pick<T> => {
  const usable = entries.filter(([, weight]) => weight > 0)
  const last = usable.at(-1)
  if (last === undefined) throw new Error('a choice needs at least one weight above 0')
  const total = usable.reduce((sum, [, weight]) => sum + weight, 0)
  return (random) => {
    let left = random() * total
    for (const [value, weight] of usable) {
      left -= weight
      if (left < 0) return value
    }
    return last[0]
  }
}
