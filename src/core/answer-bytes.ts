import { AppError } from './errors.ts'
import { formatMemory } from './format.ts'
import type { PlainValue } from './plain-value.ts'

/** A row counts so much besides its values. */
export const rowBytes = 64

/** A value counts as its JSON, but at least so much: small ones take more memory than their text. */
export const leastBytes = 16

/** What a value counts in an answer; a text for which there is no room is not copied to be counted. */
export const bytesOf = (value: PlainValue, room: number): number =>
  typeof value === 'string' && value.length > room
    ? value.length
    : Math.max(leastBytes, Buffer.byteLength(JSON.stringify(value)))

export const rowTooLarge = (bytes: number): AppError =>
  new AppError({
    what: `The answer is too large: its first row holds more than ${formatMemory(bytes)}.`,
    next: ['Select fewer columns, or a part of a long one, such as left(column, 1000).'],
  })
