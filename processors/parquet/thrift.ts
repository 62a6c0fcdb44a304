/** Types of the compact protocol that Parquet's headers use; see https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md */
const types = { true: 1, false: 2, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const

/** A value of Parquet's headers. A struct has its fields by their numbers, in rising order; what is undefined is left out. */
export type Thrift =
  | { readonly i32: number }
  | { readonly i64: number }
  | { readonly binary: Uint8Array | string }
  | { readonly bool: boolean }
  | { readonly list: readonly Thrift[] }
  | { readonly struct: Readonly<Record<number, Thrift | undefined>> }

/** A struct in bytes. */
export const encodeStruct = (fields: Readonly<Record<number, Thrift | undefined>>): Buffer => {
  const out: number[] = []
  putStruct(out, fields)
  return Buffer.from(out)
}

const putStruct = (out: number[], fields: Readonly<Record<number, Thrift | undefined>>): void => {
  let last = 0
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue
    const id = Number(key)
    const step = id - last
    if (step < 16) out.push((step << 4) | typeOf(value))
    else {
      out.push(typeOf(value))
      putSigned(out, id)
    }
    last = id
    if (!('bool' in value)) putValue(out, value)
  }
  out.push(0)
}

const typeOf = (value: Thrift): number => {
  if ('i32' in value) return types.i32
  if ('i64' in value) return types.i64
  if ('binary' in value) return types.binary
  if ('bool' in value) return value.bool ? types.true : types.false
  return 'list' in value ? types.list : types.struct
}

const putValue = (out: number[], value: Thrift): void => {
  if ('i32' in value) putSigned(out, value.i32)
  else if ('i64' in value) putSigned(out, value.i64)
  else if ('binary' in value) putBinary(out, value.binary)
  else if ('list' in value) putList(out, value.list)
  else if ('struct' in value) putStruct(out, value.struct)
}

const putBinary = (out: number[], value: Uint8Array | string): void => {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  putVarint(out, bytes.length)
  for (const byte of bytes) out.push(byte)
}

const putList = (out: number[], items: readonly Thrift[]): void => {
  const type = items[0] === undefined ? types.i32 : typeOf(items[0])
  if (items.length < 15) out.push((items.length << 4) | type)
  else {
    out.push(0xf0 | type)
    putVarint(out, items.length)
  }
  for (const item of items) putValue(out, item)
}

/** Negative numbers are told by the last bit. */
const putSigned = (out: number[], value: number): void => putVarint(out, value < 0 ? -2 * value - 1 : 2 * value)

/** Seven bits a byte, the lowest first; up to 2^53. */
export const putVarint = (out: number[], value: number): void => {
  let rest = value
  while (rest >= 128) {
    out.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  out.push(rest)
}
