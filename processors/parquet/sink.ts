import { putVarint } from './thrift.ts'

/** Bytes one behind another. */
export interface Sink {
  clear(): void
  /** Room for so many more. */
  reserve(more: number): Buffer
  /** Where the next byte goes in it. */
  length: number
  put(bytes: Uint8Array): void
  putNumber(value: number): void
  written(): Buffer
}

export const createSink = (): Sink => {
  let out = Buffer.allocUnsafeSlow(65_536)
  const sink: Sink = {
    length: 0,
    clear: () => {
      sink.length = 0
    },
    reserve: (more) => {
      if (sink.length + more <= out.length) return out
      const wider = Buffer.allocUnsafeSlow((sink.length + more) * 2)
      wider.set(out.subarray(0, sink.length))
      out = wider
      return out
    },
    put: (bytes) => {
      sink.reserve(bytes.length).set(bytes, sink.length)
      sink.length += bytes.length
    },
    putNumber: (value) => {
      const head: number[] = []
      putVarint(head, value)
      sink.put(Uint8Array.from(head))
    },
    written: () => out.subarray(0, sink.length),
  }
  return sink
}
