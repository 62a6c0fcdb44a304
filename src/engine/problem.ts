import { type ErrorKind, toAppError } from '../core/errors.ts'
import { redact } from '../core/redact.ts'

/** An AppError as data, for slices. */
export interface Problem {
  readonly what: string
  readonly why?: string
  readonly next: readonly string[]
  readonly kind: ErrorKind
}

/** Anything thrown as a problem that a person can read, secrets redacted. */
export const toProblem = (thrown: unknown): Problem => {
  const { what, why, next, kind } = toAppError(thrown)
  return { what: redact(what), ...(why === undefined ? {} : { why: redact(why) }), next: next.map(redact), kind }
}

/** A failed read whose last good data stays; times are milliseconds since the epoch. */
export interface Failure {
  readonly problem: Problem
  readonly at: number
  /** When it is tried again. */
  readonly retryAt: number
  /** Failures in a row. */
  readonly attempts: number
}
