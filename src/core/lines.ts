/** Cuts streamed bytes of UTF-8 into lines. */
export interface LineCutter {
  /** Lines that these bytes end. */
  readonly push: (bytes: Uint8Array) => readonly string[]
  /** What stands behind the last LF, if anything does. */
  readonly end: () => readonly string[]
}

const withoutCr = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)

/** LF ends a line and nothing else does, unlike `node:readline`, which also cuts at CR, U+2028 and U+2029; one CR before it is dropped. */
export const openLineCutter = (): LineCutter => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let open: string[] = []
  const cut = (text: string): readonly string[] => {
    const [first = '', ...rest] = text.split('\n')
    // the start of a long line is kept in pieces, so that each is looked at once
    open.push(first)
    const last = rest.pop()
    if (last === undefined) return []
    const lines = [open.join(''), ...rest].map(withoutCr)
    open = [last]
    return lines
  }
  return {
    push: (bytes) => cut(decoder.decode(bytes, { stream: true })),
    end: () => {
      const lines = cut(decoder.decode())
      const last = open.join('')
      open = []
      return last === '' ? lines : [...lines, withoutCr(last)]
    },
  }
}

/** The lines of a stream; the last one needs no end. */
export async function* linesOf(input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<string> {
  const cutter = openLineCutter()
  for await (const bytes of input) yield* cutter.push(bytes)
  yield* cutter.end()
}
