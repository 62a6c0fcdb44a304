/** Memory that is used again and again. */
export interface Pool {
  /** At least so many bytes, of which nothing is known. */
  borrow(length: number): Buffer
  giveBack(buffer: Buffer): void
}

const smallest = 4096

/** Buffers by their size, a power of two. */
export const createPool = (): Pool => {
  const free = new Map<number, Buffer[]>()
  return {
    borrow: (length) => {
      const size = 2 ** (32 - Math.clz32(Math.max(smallest, length) - 1))
      return free.get(size)?.pop() ?? Buffer.allocUnsafeSlow(size)
    },
    giveBack: (buffer) => {
      const same = free.get(buffer.length)
      if (same === undefined) free.set(buffer.length, [buffer])
      else same.push(buffer)
    },
  }
}
