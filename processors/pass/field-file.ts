import type { Hold } from './held.ts'

/** Rows of fields joined by 0x1f, each row ended by LF, in memory; of two buffers one is filled while the other is read. */
export interface FieldFile {
  bytes: Buffer
  length: number
  rows: number
  /** True where a row has fields that most leave out. */
  hasRare: boolean
  /** Starts the next file in the other buffer; what it takes beyond the bytes that are expected is told. */
  begin(expected: number, hold?: Hold): void
  /** Makes room for so many more bytes. */
  reserve(more: number): void
  /** What was written since `begin`; valid until the `begin` after the next. */
  taken(): Uint8Array
}

const separator = 0x1f
const smallest = 1024

export const createFieldFile = (allocate: (bytes: number) => Buffer = Buffer.allocUnsafeSlow): FieldFile => {
  let other: Buffer = Buffer.alloc(0)
  let current = other
  let tell: Hold = () => undefined
  const self: FieldFile = {
    bytes: Buffer.alloc(0),
    length: 0,
    rows: 0,
    hasRare: false,
    begin(expected, hold = () => undefined) {
      const next = other.length >= expected ? other : allocate(expected + smallest)
      other = current
      current = next
      tell = hold
      // no more of it, so that a buffer that grew once is not filled without a word
      self.bytes = next.subarray(0, expected + smallest)
      self.length = 0
      self.rows = 0
      self.hasRare = false
    },
    reserve(more) {
      if (self.length + more <= self.bytes.length) return
      const wanted = (self.length + more) * 2 + smallest
      tell((wanted - self.bytes.length) / 2)
      if (wanted > current.length) {
        const grown = allocate(wanted)
        grown.set(self.bytes.subarray(0, self.length))
        current = grown
      }
      self.bytes = current.subarray(0, wanted)
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

/** The two digits of each number below 100. */
const pairs = Buffer.from(Array.from({ length: 100 }, (_, i) => String(i).padStart(2, '0')).join(''))

/** Writes a whole number from 0 to 2^53 in decimal at `at`; gives the place behind it. */
export const putNumber = (out: Uint8Array, at: number, value: number): number => {
  if (value > 0x7fffffff) {
    const high = Math.floor(value / 10)
    const place = putNumber(out, at, high)
    out[place] = 48 + (value - high * 10)
    return place + 1
  }
  let rest = value | 0
  const end = at + digitsOf(rest)
  let place = end - 1
  while (rest >= 100) {
    const next = (rest / 100) | 0
    const pair = (rest - next * 100) << 1
    out[place] = pairs[pair + 1] ?? 0
    out[place - 1] = pairs[pair] ?? 0
    place -= 2
    rest = next
  }
  out[place] = pairs[(rest << 1) + 1] ?? 0
  if (rest >= 10) out[place - 1] = pairs[rest << 1] ?? 0
  return end
}

/** How many digits a number below 2^31 has. */
const digitsOf = (value: number): number => {
  if (value < 100_000) return value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : value < 10_000 ? 4 : 5
  if (value < 10_000_000) return value < 1_000_000 ? 6 : 7
  return value < 100_000_000 ? 8 : value < 1_000_000_000 ? 9 : 10
}

/** Writes 0 to 999,999 as six digits at `at`; gives the place behind it. */
export const putSixDigits = (out: Uint8Array, at: number, value: number): number => {
  let rest = value | 0
  for (let place = at + 4; place >= at; place -= 2) {
    const next = (rest / 100) | 0
    const pair = (rest - next * 100) << 1
    out[place] = pairs[pair] ?? 0
    out[place + 1] = pairs[pair + 1] ?? 0
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
