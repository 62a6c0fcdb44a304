import { open } from 'node:fs/promises'

/** Rows of a Parquet file by its footer, see https://parquet.apache.org/docs/file-format/#metadata; so counting needs no library. */
export const rowsInFile = async (path: string): Promise<number> => {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const read = async (from: number, bytes: number): Promise<Buffer> =>
      (await file.read(Buffer.alloc(bytes), 0, bytes, from)).buffer
    const tail = size < 12 ? Buffer.alloc(8) : await read(size - 8, 8)
    if (tail.toString('latin1', 4) !== 'PAR1') throw new Error(`No magic bytes found at end of file '${path}'`)
    const length = tail.readUInt32LE(0)
    const rows = length > size - 12 ? undefined : rowsOf(await read(size - 8 - length, length))
    if (rows === undefined) throw new Error(`Invalid footer in file '${path}'`)
    return rows
  } finally {
    await file.close()
  }
}

/** Numbers of Thrift's compact protocol: types, and the field of FileMetaData that says how many rows there are. */
const types = { true: 1, false: 2, byte: 3, i64: 6, double: 7, binary: 8, list: 9, set: 10, struct: 12 } as const
const rowsField = 3

/** The number in a footer; undefined where it has none or is damaged. */
const rowsOf = (footer: Buffer): number | undefined => {
  let at = 0
  const byte = (): number => footer.readUInt8(at++)
  const varint = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const next = byte()
      value += (next & 127) * scale
      if (next < 128) return value
    }
  }
  const signed = (): number => {
    const value = varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
  const skip = (type: number, inList: boolean): void => {
    if (type === types.true || type === types.false) at += inList ? 1 : 0
    else if (type === types.byte) at += 1
    else if (type === types.double) at += 8
    else if (type === types.binary) {
      const length = varint()
      at += length
    } else if (type === types.list || type === types.set) skipList()
    else if (type === types.struct) skipStruct()
    else if (type > types.byte && type <= types.i64) varint()
    else throw new RangeError(`type ${type}`)
  }
  const skipList = (): void => {
    const head = byte()
    const count = head >> 4 === 15 ? varint() : head >> 4
    for (let i = 0; i < count; i++) skip(head & 15, true)
  }
  /** Calls back for each field, which reads or skips it. */
  const eachField = (visit: (id: number, type: number) => boolean): void => {
    let id = 0
    for (let head = byte(); head !== 0; head = byte()) {
      id = head >> 4 === 0 ? signed() : id + (head >> 4)
      if (!visit(id, head & 15)) return
    }
  }
  const skipStruct = (): void =>
    eachField((_, type) => {
      skip(type, false)
      return true
    })
  let rows: number | undefined
  try {
    eachField((id, type) => {
      if (id === rowsField && type === types.i64) rows = signed()
      else skip(type, false)
      return rows === undefined
    })
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
  }
  return rows
}
