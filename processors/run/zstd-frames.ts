/** Reads on: the next bytes of the packed file, empty at its end. */
type Read = () => Uint8Array

const frameMagic = 0xfd2fb528
const skippableMagic = 0x184d2a5

/** A packed file that ends in the middle of a frame, or goes on with something else. */
class BrokenFrames extends Error {}

/**
 * The frames of a zstd file, each as the pieces of its bytes. Node's unpacker reads one frame well, but ends without a word at one
 * that is cut off or to be skipped, so the frames are told apart here, by the lengths that they hold.
 */
export function* zstdFrames(read: Read): Generator<Generator<Uint8Array>> {
  const bytes = openBytes(read)
  for (;;) {
    const start = bytes.peek(4)
    if (start.length === 0) return
    if (start.length < 4) throw new BrokenFrames('unexpected end of file')
    const magic = start.readUInt32LE()
    if (magic >>> 4 === skippableMagic) {
      for (const _ of bytes.pass(8 + bytes.need(8).readUInt32LE(4)));
    } else if (magic === frameMagic) yield frame(bytes)
    else throw new BrokenFrames('bytes that are no zstd frame follow')
  }
}

function* frame(bytes: Bytes): Generator<Uint8Array> {
  const descriptor = bytes.need(5)[4] ?? 0
  const isSingle = (descriptor & 0x20) !== 0
  const sizeField = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0
  yield* bytes.pass(5 + (isSingle ? 0 : 1) + dictionary + sizeField)
  for (let last = false; !last; ) {
    const header = bytes.need(3).readUIntLE(0, 3)
    last = (header & 1) === 1
    // a block of one repeated byte holds that byte alone
    yield* bytes.pass(3 + (((header >> 1) & 3) === 1 ? 1 : header >> 3))
  }
  if ((descriptor & 4) !== 0) yield* bytes.pass(4)
}

interface Bytes {
  /** The next bytes without taking them; fewer at the end. */
  peek(count: number): Buffer
  /** As `peek`, where fewer are an error. */
  need(count: number): Buffer
  /** Takes that many bytes. */
  pass(count: number): Generator<Uint8Array>
}

const openBytes = (read: Read): Bytes => {
  let held: Buffer = Buffer.alloc(0)
  const peek = (count: number): Buffer => {
    while (held.length < count) {
      const more = read()
      if (more.length === 0) break
      held = Buffer.concat([held, more])
    }
    return held.subarray(0, count)
  }
  const need = (count: number): Buffer => {
    const found = peek(count)
    if (found.length < count) throw new BrokenFrames('unexpected end of file')
    return found
  }
  return {
    peek,
    need,
    *pass(count) {
      for (let left = count; left > 0; ) {
        const piece = need(1) && held.subarray(0, left)
        held = held.subarray(piece.length)
        left -= piece.length
        yield piece
      }
    },
  }
}
