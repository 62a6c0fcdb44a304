import type { Sink } from './sink.ts'

/** Whole numbers from 0 on, or the same one for all. */
export type Numbers = Int32Array | { readonly each: number }

/** The bits that every number up to `largest` fits in. */
export const bitsOf = (largest: number): number => 32 - Math.clz32(largest)

const groupSize = 8

/** Equal numbers from which on a run is shorter than their bits. */
const shortestRun = 16

/**
 * The numbers of `[from, to)` in Parquet's hybrid of runs and of eight numbers packed at a time, see
 * https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
 */
export const putHybrid = (sink: Sink, numbers: Numbers, from: number, to: number, bits: number): void => {
  if ('each' in numbers) {
    putRun(sink, numbers.each, to - from, bits)
    return
  }
  for (let at = from; at < to; ) {
    const run = runLength(numbers, at, to)
    if (run >= shortestRun || at + run === to) {
      putRun(sink, numbers[at] ?? 0, run, bits)
      at += run
    } else {
      const end = endOfGroups(numbers, at, to)
      putGroups(sink, numbers.subarray(at, Math.min(end, to)), bits)
      at = Math.min(end, to)
    }
  }
}

const runLength = (numbers: Int32Array, at: number, to: number): number => {
  const value = numbers[at]
  let end = at + 1
  while (end < to && numbers[end] === value) end += 1
  return end - at
}

/** Where numbers begin to repeat, in whole groups; the last group may end behind `to`. */
const endOfGroups = (numbers: Int32Array, from: number, to: number): number => {
  let end = from + groupSize
  while (end < to && runLength(numbers, end, Math.min(to, end + shortestRun)) < shortestRun) end += groupSize
  return end
}

const putRun = (sink: Sink, value: number, count: number, bits: number): void => {
  sink.putNumber(count * 2)
  const out = sink.reserve(4)
  for (let shift = 0; shift < bits; shift += 8) out[sink.length++] = (value >>> shift) & 255
}

/** The lowest bit of the first number is the lowest of the first byte; behind the last number zeros fill its group. */
const putGroups = (sink: Sink, numbers: Int32Array, bits: number): void => {
  const groups = Math.ceil(numbers.length / groupSize)
  sink.putNumber(groups * 2 + 1)
  const out = sink.reserve(groups * bits)
  const end = sink.length + groups * bits
  let length = sink.length
  let held = 0
  let heldBits = 0
  for (let at = 0; at < numbers.length; at++) {
    let rest = numbers[at] ?? 0
    let left = bits
    held |= rest << heldBits
    while (heldBits + left >= 8) {
      out[length++] = held & 255
      rest >>>= 8 - heldBits
      left -= 8 - heldBits
      held = rest
      heldBits = 0
    }
    heldBits += left
  }
  if (heldBits > 0) out[length++] = held & 255
  out.fill(0, length, end)
  sink.length = end
}
