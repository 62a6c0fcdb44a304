import { basename, dirname } from 'node:path'

const suffix = /(?:[.-](\d[\d.T_-]*)|\.old|\.bak)?(?:\.gz|\.zst)?$/
const wholeSuffix = new RegExp(`^${suffix.source}`)

/** True for the log itself and for what rotation makes of its name: `.1`, `.1.gz`, `.2.zst`, `-20261101`, `.old`. */
export const belongsTo = (base: string, name: string): boolean =>
  name.startsWith(base) && wholeSuffix.test(name.slice(base.length))

/** Dates rise with time, numbers fall, and the log itself is the newest. */
const rank = (rest: string): readonly [number, number] => {
  if (rest === '') return [2, 0]
  const digits = (suffix.exec(rest)?.[1] ?? '').replace(/\D/g, '')
  if (digits.length >= 8) return [0, Number(digits)]
  return [1, -Number(digits)]
}

const byRank = (restA: string, restB: string): number => {
  const [groupA, orderA] = rank(restA)
  const [groupB, orderB] = rank(restB)
  return groupA - groupB || orderA - orderB
}

/** Puts the paths of one rotation set in order of time, the oldest first. */
export const oldestFirst = (base: string, paths: readonly string[]): string[] =>
  [...paths].sort(
    (a, b) => byRank(basename(a).slice(base.length), basename(b).slice(base.length)) || a.localeCompare(b),
  )

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const partsOf = (path: string): readonly [set: string, rest: string] => {
  const name = basename(path)
  const rest = suffix.exec(name)?.[0] ?? ''
  return [`${dirname(path)}/${name.slice(0, name.length - rest.length)}`, rest]
}

/** The path of the log that rotation made this file of. */
export const setOf = (path: string): string => partsOf(path)[0]

const packedSuffix = /\.(gz|zst)$/

/** True where a name says that its file is packed. */
export const isPackedName = (path: string): boolean => packedSuffix.test(path)

/** The path that a packed file has when it is unpacked beside itself. */
export const unpackedName = (path: string): string => path.replace(packedSuffix, '')

/** Puts any paths in order: set by set, and the oldest of each set first. */
export const setsOldestFirst = (paths: readonly string[]): string[] =>
  [...paths].sort((a, b) => {
    const [[setA, restA], [setB, restB]] = [partsOf(a), partsOf(b)]
    return compare(setA, setB) || byRank(restA, restB) || compare(a, b)
  })
