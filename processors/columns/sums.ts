/** Beyond this a sum of sizes moves to a bigint, long before a double loses a byte. */
const exactUpTo = 2 ** 50

const largest = 2n ** 63n - 1n

/** Requests and bytes by small numbers, again and again. */
export interface Sums {
  /** Bytes are `sum`, and `large` where there are more than a double holds. */
  add(key: number, requests: number, sum: number, large?: bigint): void
  /** Keys that were added, in the order of their first time; valid until the next call. */
  keys(): Int32Array
  requestsOf(key: number): number
  /** Sizes that a server made up may add up to more than INT64 holds: such a sum stops at the largest. */
  bytesOf(key: number): number | bigint
  /** Forgets everything. */
  clear(): void
}

/** For keys below `size`. */
export const createSums = (size: number): Sums => {
  const requests = new Float64Array(size)
  const sums = new Float64Array(size)
  const large = new Map<number, bigint>()
  const keys = new Int32Array(size)
  let count = 0

  return {
    add(key, more, sum, most) {
      if (requests[key] === 0) keys[count++] = key
      requests[key] = (requests[key] ?? 0) + more
      const bytes = (sums[key] ?? 0) + sum
      if (most === undefined && bytes <= exactUpTo) sums[key] = bytes
      else {
        large.set(key, (large.get(key) ?? 0n) + BigInt(bytes) + (most ?? 0n))
        sums[key] = 0
      }
    },
    keys: () => keys.subarray(0, count),
    requestsOf: (key) => requests[key] ?? 0,
    bytesOf: (key) => {
      const more = large.get(key)
      return more === undefined ? (sums[key] ?? 0) : boundedBytes(more + BigInt(sums[key] ?? 0))
    },
    clear() {
      for (let i = 0; i < count; i++) {
        const key = keys[i] ?? 0
        requests[key] = 0
        sums[key] = 0
      }
      large.clear()
      count = 0
    },
  }
}

export const boundedBytes = (bytes: bigint): bigint => (bytes > largest ? largest : bytes)
