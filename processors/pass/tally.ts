import { type Hold, heldBy } from './held.ts'

/** Requests and bytes by window, status and request; sums are exact whatever their size. */
export interface Tally {
  add(window: number, status: number, request: number, size: number): void
  addLarge(window: number, status: number, request: number, size: bigint): void
  each(visit: (entry: TallyEntry) => void): void
  /** Entries that `each` visits. */
  size(): number
  /** Forgets everything, for the next chunk. */
  begin(hold: Hold): void
}

/** Valid until the visit ends. */
export interface TallyEntry {
  /** Start of the window in seconds since the epoch. */
  readonly window: number
  readonly status: number
  readonly request: number
  readonly n: number
  /** Bytes are `sum`, and `large` where there are more than a double holds. */
  readonly sum: number
  readonly large: bigint | undefined
}

/** Beyond this a sum of sizes moves to a bigint, long before a double loses a byte. */
const exactUpTo = 2 ** 50

export const createTally = (): Tally => {
  const windows: number[] = []
  const places = new Map<number, number>()
  let slots = new Int32Array(8192).fill(-1)
  let requests = new Int32Array(4096)
  let kinds = new Int32Array(4096)
  let counts = new Int32Array(4096)
  let sums = new Float64Array(4096)
  const large = new Map<number, bigint>()
  let size = 0
  let currentWindow = Number.NaN
  let currentPlace = 0
  let hold: Hold = () => undefined

  const placeOf = (window: number): number => {
    const known = places.get(window)
    if (known !== undefined) return known
    hold(heldBy.window)
    windows.push(window)
    places.set(window, windows.length - 1)
    return windows.length - 1
  }

  const hashOf = (request: number, kind: number): number => {
    const hash = Math.imul(request, 0x9e3779b1) ^ Math.imul(kind, 0x85ebca6b)
    return (hash ^ (hash >>> 15)) & (slots.length - 1)
  }

  const grow = (): void => {
    requests = widenInts(requests)
    kinds = widenInts(kinds)
    counts = widenInts(counts)
    const wider = new Float64Array(sums.length * 2)
    wider.set(sums)
    sums = wider
    slots = new Int32Array(counts.length * 2).fill(-1)
    for (let id = 0; id < size; id++) {
      let slot = hashOf(requests[id] ?? 0, kinds[id] ?? 0)
      while (slots[slot] !== -1) slot = (slot + 1) & (slots.length - 1)
      slots[slot] = id
    }
  }

  const find = (window: number, status: number, request: number): number => {
    if (window !== currentWindow) {
      currentPlace = placeOf(window)
      currentWindow = window
    }
    const kind = currentPlace * 1000 + status
    if (size === counts.length) grow()
    let slot = hashOf(request, kind)
    for (let id = slots[slot] ?? -1; id >= 0; id = slots[slot] ?? -1) {
      if (requests[id] === request && kinds[id] === kind) return id
      slot = (slot + 1) & (slots.length - 1)
    }
    hold(heldBy.endpoint)
    requests[size] = request
    kinds[size] = kind
    slots[slot] = size
    size += 1
    return size - 1
  }

  const addLarge = (id: number, bytes: bigint): void => {
    large.set(id, (large.get(id) ?? 0n) + bytes)
  }

  return {
    add(window, status, request, bytes) {
      const id = find(window, status, request)
      counts[id] = (counts[id] ?? 0) + 1
      const sum = (sums[id] ?? 0) + bytes
      if (sum > exactUpTo) {
        addLarge(id, BigInt(sum))
        sums[id] = 0
      } else sums[id] = sum
    },
    addLarge(window, status, request, bytes) {
      const id = find(window, status, request)
      counts[id] = (counts[id] ?? 0) + 1
      addLarge(id, bytes)
    },
    each(visit) {
      const entry = { window: 0, status: 0, request: 0, n: 0, sum: 0, large: undefined as bigint | undefined }
      for (let id = 0; id < size; id++) {
        const kind = kinds[id] ?? 0
        entry.window = windows[Math.floor(kind / 1000)] ?? 0
        entry.status = kind % 1000
        entry.request = requests[id] ?? 0
        entry.n = counts[id] ?? 0
        entry.sum = sums[id] ?? 0
        entry.large = large.get(id)
        visit(entry)
      }
    },
    size: () => size,
    begin(given) {
      hold = given
      slots.fill(-1)
      counts.fill(0, 0, size)
      sums.fill(0, 0, size)
      windows.length = 0
      places.clear()
      large.clear()
      size = 0
      currentWindow = Number.NaN
    },
  }
}

const widenInts = (from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
  const wider = new Int32Array(from.length * 2)
  wider.set(from)
  return wider
}
