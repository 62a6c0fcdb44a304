/** Gives equal byte strings one small number, without making a text of each. */
export interface Interner {
  /** Bytes of all that has a number. */
  readonly bytes: () => number
  /** The number of `bytes[start, end)`; a new one is the next. */
  intern(bytes: Uint8Array, start: number, end: number): number
  /** The text that has a number. */
  text(id: number): string
}

export const createInterner = (): Interner => {
  let slots = new Int32Array(4096).fill(-1)
  let hashes = new Int32Array(2048)
  let starts = new Int32Array(2049)
  let store = Buffer.allocUnsafeSlow(65_536)
  let size = 0

  const grow = (): void => {
    hashes = widen(hashes, hashes.length * 2)
    starts = widen(starts, hashes.length + 1)
    slots = new Int32Array(hashes.length * 2).fill(-1)
    for (let id = 0; id < size; id++) {
      let slot = (hashes[id] ?? 0) & (slots.length - 1)
      while (slots[slot] !== -1) slot = (slot + 1) & (slots.length - 1)
      slots[slot] = id
    }
  }

  const equals = (id: number, bytes: Uint8Array, start: number, length: number): boolean => {
    const from = starts[id] ?? 0
    if ((starts[id + 1] ?? 0) - from !== length) return false
    for (let i = 0; i < length; i++) if (store[from + i] !== bytes[start + i]) return false
    return true
  }

  const add = (bytes: Uint8Array, start: number, length: number, hash: number): number => {
    const from = starts[size] ?? 0
    if (from + length > store.length) {
      const wider = Buffer.allocUnsafeSlow((from + length) * 2)
      wider.set(store.subarray(0, from))
      store = wider
    }
    for (let i = 0; i < length; i++) store[from + i] = bytes[start + i] ?? 0
    hashes[size] = hash
    starts[size + 1] = from + length
    size += 1
    return size - 1
  }

  return {
    bytes: () => starts[size] ?? 0,
    intern(bytes, start, end) {
      let hash = 0
      for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0
      hash = (hash ^ (hash >>> 15)) | 0
      if (size === hashes.length) grow()
      let slot = hash & (slots.length - 1)
      for (let id = slots[slot] ?? -1; id >= 0; id = slots[slot] ?? -1) {
        if (hashes[id] === hash && equals(id, bytes, start, end - start)) return id
        slot = (slot + 1) & (slots.length - 1)
      }
      const added = add(bytes, start, end - start, hash)
      slots[slot] = added
      return added
    },
    text: (id) => store.toString('utf8', starts[id], starts[id + 1]),
  }
}

const widen = (from: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> => {
  const wider = new Int32Array(length)
  wider.set(from)
  return wider
}
