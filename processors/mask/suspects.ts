/** True where something may stand in `[start, end)`; asked for ranges in rising order. */
export type RangeTest = (start: number, end: number) => boolean

/** Gives the first place from `from` on, or one that is not in the bytes. */
type Search = (bytes: Buffer, from: number) => number

/** Tells whether one of these begins in a range; ranges come in rising order, so each place is searched once. */
export const createFinder = (bytes: Buffer, ...wanted: readonly (string | Search)[]): RangeTest => {
  const searches = wanted.map((one) => (typeof one === 'string' ? searchFor(one) : one))
  const places = wanted.map(() => -1)
  let nearest = -1
  const search = (start: number): void => {
    nearest = bytes.length
    for (const [i, find] of searches.entries()) {
      if ((places[i] ?? 0) < start) {
        const found = find(bytes, start)
        places[i] = found < 0 ? bytes.length : found
      }
      nearest = Math.min(nearest, places[i] ?? 0)
    }
  }
  return (start, end) => {
    if (nearest < start) search(start)
    return nearest < end
  }
}

const searchFor = (text: string): Search => {
  const wanted = text.length === 1 ? text.charCodeAt(0) : Buffer.from(text)
  return (bytes, from) => bytes.indexOf(wanted, from)
}

/** `&#46;`, `&period;`: what looks like one is enough. */
const findEntity: Search = (bytes, from) => {
  let at = bytes.indexOf(38, from)
  while (at >= 0 && !isEntity(bytes, at + 1)) at = bytes.indexOf(38, at + 1)
  return at
}

const longestEntity = 12

const isEntity = (bytes: Buffer, start: number): boolean => {
  if (bytes[start] === 35) return true
  let at = start
  while (at - start < longestEntity && isLetter(bytes[at] ?? 0)) at++
  return bytes[at] === 59
}

const isLetter = (byte: number): boolean => (byte | 32) >= 97 && (byte | 32) <= 122

/** What begins an escape. */
const escapes: readonly (string | Search)[] = ['%', '\\', findEntity]

/** What tells a field at once, and what must be looked for. */
export interface Signs {
  readonly words?: readonly string[]
  readonly test?: (bytes: Buffer) => RangeTest
}

/** Finds in the bytes of a chunk the fields that may have to be changed; false is certain. An escape may hide anything. */
export const createSuspects = (bytes: Buffer, signs: readonly Signs[]): RangeTest => {
  const standsOut = createFinder(bytes, ...escapes, ...new Set(signs.flatMap(({ words = [] }) => words)))
  const [first = never, second = never, ...others] = signs.flatMap(({ test }) => test?.(bytes) ?? [])
  if (others.length === 0) return (start, end) => standsOut(start, end) || first(start, end) || second(start, end)
  return (start, end) => [standsOut, first, second, ...others].some((test) => test(start, end))
}

const never: RangeTest = () => false

/** The shortest address without `::` has seven characters (1.2.3.4), so looking at every seventh byte meets each. */
const shortest = 7

const isAddressByte = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(/[0-9a-fA-F:.-]/.test(String.fromCharCode(byte))),
)

/** With `lastOctetOnly` (an IPv4 prefix of 24) a quad that ends in 0 is masked already: browsers name themselves so. */
export const mayHoldAddress =
  (lastOctetOnly: boolean) =>
  (bytes: Buffer): RangeTest =>
  (start, end) =>
    holdsRun(bytes, start, end, lastOctetOnly)

/** True when a run of address characters has four numbers of at most three digits (IPv4) or six colons (IPv6, perhaps with a dotted tail). */
const holdsRun = (bytes: Uint8Array, start: number, end: number, lastOctetOnly: boolean): boolean => {
  for (let i = start + shortest - 1; i < end; i += shortest) {
    if (isAddressByte[bytes[i] ?? 0] === 0) continue
    let left = i
    while (left > start && isAddressByte[bytes[left - 1] ?? 0] === 1) left--
    let right = i + 1
    while (right < end && isAddressByte[bytes[right] ?? 0] === 1) right++
    if (right - left >= shortest && isSuspectRun(bytes, left, right, end, lastOctetOnly)) return true
    i = right
  }
  return false
}

/** Bytes behind a quad that may make it a reverse name, of which another octet goes. */
const isReverse = (byte: number): boolean => (byte | 32) === 105

const isSuspectRun = (bytes: Uint8Array, from: number, to: number, end: number, lastOctetOnly: boolean): boolean => {
  const forgiving = lastOctetOnly && !(to < end && isReverse(bytes[to] ?? 0))
  let numbers = 0
  let colons = 0
  let digits = 0
  let zero = false
  for (let i = from; i <= to; i++) {
    const code = i < to ? (bytes[i] ?? 0) : 46
    if (code >= 48 && code <= 57) {
      digits += 1
      zero = digits === 1 && code === 48
      continue
    }
    numbers = digits > 0 && digits <= 3 ? numbers + 1 : 0
    if (numbers >= 4 && !(forgiving && zero)) return true
    digits = 0
    if (code === 58) {
      colons += 1
      if (colons >= 6) return true
    }
    if (code !== 46 && code !== 45) numbers = 0
  }
  return false
}
