/** Finds in the bytes of a chunk the fields that masking may change, quickly; asked field by field, forward. */
export interface Suspects {
  /** False only if masking leaves `[start, end)` as it is. */
  mayHold(start: number, end: number): boolean
}

/** The shortest address without `::` has seven characters (1.2.3.4), so looking at every seventh byte meets each. */
const shortest = 7

const isAddressByte = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(/[0-9a-fA-F:.]/.test(String.fromCharCode(byte))),
)

/** With `lastOctetOnly` (an IPv4 prefix of 24) a dotted quad that ends in .0 is masked already: browsers name themselves so. */
export const createSuspects = (bytes: Buffer, lastOctetOnly = false): Suspects => {
  const percent = createFinder(bytes, 37)
  const gap = createFinder(bytes, Buffer.from('::'))
  return {
    mayHold: (start, end) => {
      if (end - start < 3) return false
      return holdsRun(bytes, start, end, lastOctetOnly) || percent(start, end) || gap(start, end)
    },
  }
}

/** Tells whether something begins in a range; ranges come in rising order, so each place is searched once. */
export const createFinder = (bytes: Buffer, wanted: number | Buffer): ((start: number, end: number) => boolean) => {
  let place = -1
  return (start, end) => {
    if (place < start) {
      const found = bytes.indexOf(wanted, start)
      place = found < 0 ? bytes.length : found
    }
    return place < end
  }
}

/** True when a run of address characters has four numbers of at most three digits (IPv4) or six colons (IPv6, perhaps with a dotted tail). */
const holdsRun = (bytes: Uint8Array, start: number, end: number, lastOctetOnly: boolean): boolean => {
  for (let i = start + shortest - 1; i < end; i += shortest) {
    if (isAddressByte[bytes[i] ?? 0] === 0) continue
    let left = i
    while (left > start && isAddressByte[bytes[left - 1] ?? 0] === 1) left--
    let right = i + 1
    while (right < end && isAddressByte[bytes[right] ?? 0] === 1) right++
    if (right - left >= shortest && isSuspectRun(bytes, left, right, lastOctetOnly)) return true
    i = right
  }
  return false
}

const isSuspectRun = (bytes: Uint8Array, from: number, to: number, lastOctetOnly: boolean): boolean => {
  let colons = 0
  let numbers = 0
  let digits = 0
  let zero = false
  for (let i = from; i <= to; i++) {
    const code = i < to ? (bytes[i] ?? 0) : 46
    if (code >= 48 && code <= 57) {
      digits += 1
      zero = digits === 1 && code === 48
    } else if (code === 46) {
      numbers = digits > 0 && digits <= 3 ? numbers + 1 : 0
      if (numbers >= 4 && !(lastOctetOnly && zero)) return true
      digits = 0
    } else if (code === 58) {
      if (numbers >= 3 && digits > 0 && digits <= 3 && !(lastOctetOnly && zero)) return true
      colons += 1
      if (colons >= 6) return true
      numbers = 0
      digits = 0
    } else digits = 4
  }
  return false
}
