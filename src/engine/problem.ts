import { type ErrorKind, toAppError } from '../core/errors.ts'

/** An AppError as data, for slices. */
export interface Problem {
  readonly what: string
  readonly why?: string
  readonly next: readonly string[]
  readonly kind: ErrorKind
}

/** Anything thrown as a problem that a person can read. */
export const toProblem = (thrown: unknown): Problem => {
  const { what, why, next, kind } = toAppError(thrown)
  return { what, ...(why === undefined ? {} : { why }), next, kind }
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
