import { shortOf } from './short-of.ts'

/** Why a call ended without a value; decides the exit code. */
export type ErrorKind = 'failed' | 'usage' | 'unreachable' | 'refused' | 'interrupted'

export interface ErrorParts {
  /** One sentence: what happened, with the value that caused it. */
  readonly what: string
  /** One sentence: why, as far as it is known. */
  readonly why?: string
  /** What the person can do now, most useful first. */
  readonly next?: readonly string[]
  readonly kind?: ErrorKind
  readonly cause?: unknown
}

/** The only error that reaches a person. */
export class AppError extends Error {
  readonly what: string
  readonly why: string | undefined
  readonly next: readonly string[]
  readonly kind: ErrorKind

  constructor(parts: ErrorParts) {
    super(parts.why ? `${parts.what} ${parts.why}` : parts.what, { cause: parts.cause })
    this.name = 'AppError'
    this.what = parts.what
    this.why = parts.why
    this.next = parts.next ?? []
    this.kind = parts.kind ?? 'failed'
  }
}

export const exitCodes = {
  failed: 1,
  usage: 2,
  unreachable: 3,
  refused: 4,
  interrupted: 130,
} as const satisfies Record<ErrorKind, number>

/** Turns anything thrown into an AppError; an unknown error keeps its text and never shows a stack. */
export const toAppError = (thrown: unknown): AppError => {
  if (thrown instanceof AppError) return thrown
  if (thrown instanceof Error && thrown.name === 'AbortError')
    return new AppError({ what: 'Stopped before it was done.', kind: 'interrupted', cause: thrown })
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  const [why, next] = shortOf(thrown) ?? []
  if (why !== undefined && next !== undefined)
    return new AppError({ what: `${text}.`, why, next: [next], cause: thrown })
  return new AppError({
    what: text === '' ? 'Something failed without saying why.' : text,
    next: ['Run the same with --debug to see where it happened.'],
    cause: thrown,
  })
}
