import type { Levels } from '../parquet/column.ts'

/** Which rows of a block have a value, and the numbers of those that have one. */
interface Present {
  readonly levels: Levels
  /** Valid until the next call. */
  readonly numbers: Int32Array
}

export type FindPresent = (numbers: Int32Array, count: number) => Present

/** Finds the rows with a value, which have a number from 0 on, many blocks one after another. */
export const createPresence = (mostRows: number): FindPresent => {
  const definition = new Int32Array(mostRows)
  const there = new Int32Array(mostRows)
  return (numbers, count) => {
    if (leastOf(numbers, count) >= 0) return { levels: allPresent(count), numbers: numbers.subarray(0, count) }
    let present = 0
    for (let row = 0; row < count; row++) {
      const number = numbers[row] ?? -1
      definition[row] = number < 0 ? 0 : 1
      if (number >= 0) there[present++] = number
    }
    return { levels: levelsOf(count, present, definition), numbers: there.subarray(0, present) }
  }
}

/** Every one of so many rows has a value. */
export const allPresent = (entries: number): Levels => ({ entries, present: entries, definition: { each: 1 } })

export const leastOf = (numbers: Int32Array, count: number): number => {
  let least = 0
  for (let row = 0; row < count; row++) {
    const number = numbers[row] ?? 0
    if (number < least) least = number
  }
  return least
}

const levelsOf = (entries: number, present: number, definition: Int32Array): Levels => {
  if (present === entries) return { entries, present, definition: { each: 1 } }
  return { entries, present, definition: present === 0 ? { each: 0 } : definition.subarray(0, entries) }
}
