import { isUtf8 } from 'node:buffer'

/** Bytes that are looked at together; a block ends at the end of a line. */
const blockBytes = 8 * 1024

/** Tells whether lines are UTF-8, many at a time: asked line by line, forward, with ends of lines. */
export const createValidLines = (bytes: Buffer): ((start: number, end: number) => boolean) => {
  const all = isUtf8(bytes)
  let blockEnd = 0
  let valid = false
  return (start, end) => {
    if (all) return true
    if (end > blockEnd) {
      const lf = bytes.indexOf(10, Math.max(end, Math.min(start + blockBytes, bytes.length - 1)))
      blockEnd = lf < 0 ? bytes.length : lf
      valid = isUtf8(bytes.subarray(start, blockEnd))
    }
    return valid || isUtf8(bytes.subarray(start, end))
  }
}
