import { basename } from 'node:path'

const suffix = /^(?:[.-](\d[\d.T_-]*)|\.old|\.bak)?(?:\.gz)?$/

/** True for the log itself and for what rotation makes of its name: `.1`, `.1.gz`, `-20261101`, `.old`. */
export const belongsTo = (base: string, name: string): boolean =>
  name.startsWith(base) && suffix.test(name.slice(base.length))

/** Dates rise with time, numbers fall, and the log itself is the newest. */
const rank = (base: string, name: string): readonly [number, number] => {
  const rest = name.slice(base.length)
  if (rest === '') return [2, 0]
  const digits = (suffix.exec(rest)?.[1] ?? '').replace(/\D/g, '')
  if (digits.length >= 8) return [0, Number(digits)]
  return [1, -Number(digits)]
}

/** Puts the paths of one rotation set in order of time, the oldest first. */
export const oldestFirst = (base: string, paths: readonly string[]): string[] =>
  [...paths].sort((a, b) => {
    const [groupA, orderA] = rank(base, basename(a))
    const [groupB, orderB] = rank(base, basename(b))
    return groupA - groupB || orderA - orderB || a.localeCompare(b)
  })
