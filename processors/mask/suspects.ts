/** Finds in the bytes of a chunk the fields that may hold an address, quickly; asked field by field, forward. */
export interface Suspects {
  /** False only if no address, plain or percent-encoded, stands in `[start, end)`. */
  mayHold(start: number, end: number): boolean
}

/** The shortest address without `::` has seven characters (1.2.3.4), so looking at every seventh byte meets each. */
const shortest = 7

const isAddressByte = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(/[0-9a-fA-F:.]/.test(String.fromCharCode(byte))),
)

export const createSuspects = (bytes: Buffer): Suspects => {
  const percent = createFinder(bytes, 37)
  const gap = createFinder(bytes, '::')
  return {
    mayHold: (start, end) => {
      if (end - start < 3) return false
      return holdsRun(bytes, start, end) || percent(start, end) || gap(start, end)
    },
  }
}

/** Tells whether something begins in a range; ranges come in rising order, so each place is searched once. */
export const createFinder = (bytes: Buffer, wanted: number | string): ((start: number, end: number) => boolean) => {
  let place = -1
  return (start, end) => {
    if (place < start) {
      const found = bytes.indexOf(wanted, start, 'latin1')
      place = found < 0 ? bytes.length : found
    }
    return place < end
  }
}

/** True when a run of address characters has three dots (IPv4) or seven colons (IPv6, of which six before a dotted tail). */
const holdsRun = (bytes: Uint8Array, start: number, end: number): boolean => {
  for (let i = start + shortest - 1; i < end; i += shortest) {
    if (isAddressByte[bytes[i] ?? 0] === 0) continue
    let left = i
    while (left > start && isAddressByte[bytes[left - 1] ?? 0] === 1) left--
    let right = i + 1
    while (right < end && isAddressByte[bytes[right] ?? 0] === 1) right++
    if (right - left >= shortest && countsEnough(bytes, left, right)) return true
    i = right
  }
  return false
}

const countsEnough = (bytes: Uint8Array, from: number, to: number): boolean => {
  let dots = 0
  let colons = 0
  for (let i = from; i < to; i++) {
    if (bytes[i] === 46) dots++
    else if (bytes[i] === 58) colons++
  }
  return dots >= 3 || colons >= 7
}
