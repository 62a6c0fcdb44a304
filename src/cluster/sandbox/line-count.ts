import type { FileHandle } from 'node:fs/promises'

/** What is known of a file's lines, kept between two looks. */
export interface LineCount {
  /** Bytes that were looked at. */
  readonly bytes: number
  readonly lines: number
}

const blockBytes = 256 * 1024
/** Beyond this, a file's unseen part is estimated from a sample. */
const countedBytes = 8 * 1024 * 1024

/** Lines of an open file: exact by reading what is new, estimated where more than 8 MiB are. */
export const countLines = async (file: FileHandle, size: number, seen: LineCount | undefined): Promise<LineCount> => {
  const known = seen !== undefined && seen.bytes <= size ? seen : { bytes: 0, lines: 0 }
  if (known.bytes === size) return known
  const buffer = Buffer.allocUnsafe(Math.min(blockBytes, size - known.bytes))
  const estimated = size - known.bytes > countedBytes
  const end = estimated ? known.bytes + blockBytes : size
  let position = known.bytes
  let lines = 0
  while (position < end) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - position), position)
    if (bytesRead === 0) break
    lines += lineEnds(buffer.subarray(0, bytesRead))
    position += bytesRead
  }
  if (!estimated) return { bytes: position, lines: known.lines + lines }
  const sampled = position - known.bytes
  return { bytes: size, lines: known.lines + Math.round((lines * (size - known.bytes)) / Math.max(1, sampled)) }
}

const lineEnds = (bytes: Buffer): number => {
  let count = 0
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count += 1
  return count
}
