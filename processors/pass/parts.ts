import type { ChunkInput, ChunkPart, Reject } from '../chunk-processor.ts'
import { noCounts } from './counts.ts'
import type { PassOutput } from './output.ts'

const lf = 10
const cr = 13

/** The first lines of a chunk: as many as fit into `most` bytes, at least one. */
export const firstLines = (input: ChunkInput, most: number): ChunkInput => {
  const { bytes } = input
  if (most >= bytes.length || input.oversizedLine !== undefined) return input
  const end = bytes.lastIndexOf(lf, Math.floor(most) - 1) + 1 || bytes.indexOf(lf) + 1 || bytes.length
  return { ...input, bytes: bytes.subarray(0, end) }
}

export const isOneLine = ({ bytes, oversizedLine }: ChunkInput): boolean =>
  oversizedLine !== undefined || [-1, bytes.length - 1].includes(bytes.indexOf(lf))

/** What follows the lines that an output covers. */
export const behind = (input: ChunkInput, { end, counts, rules }: PassOutput): ChunkInput => ({
  ...input,
  bytes: input.bytes.subarray(end),
  start: input.start + end,
  ...(input.offsets && { offsets: input.offsets.slice(counts.lines_read) }),
  rules,
})

/** An output as a part of a chunk in which so many lines were read before. */
export const asPart = ({ counts, rejects }: PassOutput, linesBefore: number): ChunkPart => ({
  counts,
  rejects: linesBefore === 0 ? rejects : rejects.map((one) => ({ ...one, line: (one.line ?? 0) + linesBefore })),
})

/** The output for lines of which no row can be made. */
export const refuseLines = (input: ChunkInput, reason: string): PassOutput => {
  const { bytes, oversizedLine, offsets, rules } = input
  const rejects: Reject[] = []
  let read = 0
  for (let start = 0; start < bytes.length; ) {
    const found = oversizedLine === undefined ? bytes.indexOf(lf, start) : -1
    const next = found < 0 ? bytes.length : found + 1
    const whole = found < 0 ? bytes.length : found
    const length = oversizedLine ?? (whole > start && bytes[whole - 1] === cr ? whole - 1 : whole) - start
    const offset = offsets?.[read] ?? input.start + start
    read += 1
    if (length > 0) rejects.push({ offset, length, reason, line: read })
    start = next
  }
  const blank = read - rejects.length
  return {
    end: bytes.length,
    counts: { ...noCounts, lines_read: read, lines_rejected: rejects.length, lines_blank: blank },
    rejects,
    rules,
  }
}
