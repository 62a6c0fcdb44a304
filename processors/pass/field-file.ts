/** Rows of fields joined by 0x1f, each row ended by LF, in memory; of two buffers one is filled while the other is read. */
export interface FieldFile {
  bytes: Buffer
  length: number
  rows: number
  /** Starts the next file in the other buffer. */
  begin(expected: number): void
  /** Makes room for so many more bytes. */
  reserve(more: number): void
  /** What was written since `begin`; valid until the `begin` after the next. */
  taken(): Uint8Array
}

const separator = 0x1f
const smallest = 1024

export const createFieldFile = (allocate: (bytes: number) => Buffer = Buffer.allocUnsafeSlow): FieldFile => {
  let other: Buffer = Buffer.alloc(0)
  const self: FieldFile = {
    bytes: Buffer.alloc(0),
    length: 0,
    rows: 0,
    begin(expected) {
      const next = other.length >= expected ? other : allocate(expected + smallest)
      other = self.bytes
      self.bytes = next
      self.length = 0
      self.rows = 0
    },
    reserve(more) {
      if (self.length + more <= self.bytes.length) return
      const grown = allocate((self.length + more) * 2 + smallest)
      grown.set(self.bytes.subarray(0, self.length))
      self.bytes = grown
    },
    taken: () => self.bytes.subarray(0, self.length),
  }
  return self
}

/** From this length on a native copy is quicker than a loop. */
const nativeFrom = 40

/** Writes `[from, to)` of `bytes` at `at`; gives the place behind it. */
export const putRange = (out: Buffer, at: number, bytes: Buffer, from: number, to: number): number => {
  if (to - from >= nativeFrom) {
    bytes.copy(out, at, from, to)
    return at + to - from
  }
  let place = at
  for (let i = from; i < to; i++) out[place++] = bytes[i] ?? 0
  return place
}

/** Writes the separator at `at`; gives the place behind it. */
export const putSeparator = (out: Uint8Array, at: number): number => {
  out[at] = separator
  return at + 1
}

/** Writes a whole number from 0 to 2^53 in decimal at `at`; gives the place behind it. */
export const putNumber = (out: Uint8Array, at: number, value: number): number => {
  let digits = 1
  for (let limit = 10; value >= limit; limit *= 10) digits++
  const end = at + digits
  let rest = value
  let place = end - 1
  while (rest > 0x7fffffff) {
    const next = Math.floor(rest / 10)
    out[place--] = 48 + (rest - next * 10)
    rest = next
  }
  for (let small = rest | 0; place >= at; place--) {
    const next = (small / 10) | 0
    out[place] = 48 + (small - next * 10)
    small = next
  }
  return end
}

/** Writes 0 to 999,999 as six digits at `at`; gives the place behind it. */
export const putSixDigits = (out: Uint8Array, at: number, value: number): number => {
  let rest = value | 0
  for (let place = at + 5; place >= at; place--) {
    const next = (rest / 10) | 0
    out[place] = 48 + (rest - next * 10)
    rest = next
  }
  return at + 6
}

/** Characters of a field at most: DuckDB loses rows that are long beside the buffers in which it reads a file. */
const longestField = 16_384

/** True when a text can stand in a field: DuckDB would cut it, end it elsewhere or lose it. */
export const fitsField = (text: string): boolean => text.length <= longestField && !/[\0\n\r\x1f]/.test(text)

/** Appends one row of texts; null is an empty field. */
export const putRow = (file: FieldFile, fields: readonly (string | null)[]): void => {
  const row = `${fields.join('\x1f')}\n`
  // at most three bytes a character
  file.reserve(row.length * 3)
  file.length += file.bytes.write(row, file.length)
  file.rows += 1
}
