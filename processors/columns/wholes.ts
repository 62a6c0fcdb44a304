import type { Values } from '../parquet/values.ts'

/** Whole numbers one behind another; a bigint is made of none of them. */
export interface Wholes {
  put(value: number | bigint): void
  values(): Values
}

export const createWholes = (most: number): Wholes => {
  const whole = new BigInt64Array(most)
  const halves = new Uint32Array(whole.buffer)
  let count = 0
  return {
    put(value) {
      if (typeof value === 'bigint') whole[count] = value
      else {
        // both halves of a number that is not negative, the lower one first as Parquet has them
        halves[count * 2] = value
        halves[count * 2 + 1] = Math.floor(value / 2 ** 32)
      }
      count += 1
    },
    values: () => ({ whole: whole.subarray(0, count) }),
  }
}
