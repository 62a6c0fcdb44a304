import * as layout from '../vector/layout.ts'
import { createPresence, type FindPresent } from './levels.ts'

/** Memory for the columns of a block that is used again in the next chunk. */
export interface Scratch {
  /** A number a row; the same each time for one name. */
  numbers(name: string | number): Int32Array
  /** One a row. */
  readonly flags: Uint8Array
  readonly presence: FindPresent
}

export const createScratch = (): Scratch => {
  const known = new Map<string | number, Int32Array>()
  return {
    numbers: (name) => {
      const numbers = known.get(name) ?? new Int32Array(layout.blockRows)
      known.set(name, numbers)
      return numbers
    },
    flags: new Uint8Array(layout.blockRows),
    presence: createPresence(layout.blockRows),
  }
}
