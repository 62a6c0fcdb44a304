import { errorCode } from '../run/explain.ts'

const innermost = (thrown: unknown): unknown =>
  thrown instanceof Error && thrown.cause !== undefined ? innermost(thrown.cause) : thrown

const textOf = (thrown: unknown): string => {
  const inner = innermost(thrown)
  return inner instanceof Error ? inner.message : String(inner)
}

/** True where no other lines would do better: a file could not be written. */
export const isOfTheDisk = (thrown: unknown): boolean =>
  errorCode(innermost(thrown)) !== undefined || textOf(thrown).startsWith('IO Error')

/** True where DuckDB or this program had not enough memory. */
export const isOutOfMemory = (thrown: unknown): boolean =>
  /^Out of Memory Error|^Array buffer allocation failed|^Invalid (?:string|array) length/.test(textOf(thrown))
