import type { AppError } from '../core/errors.ts'

/** Something is wrong, and what comes after it can be looked at all the same. */
export interface Fault {
  readonly fault: AppError
}

/** Nothing is wrong, but a person should know something, and what to do about it. */
interface Hint {
  readonly detail: string
  readonly next: readonly string[]
}

/** One thing that a run needs. */
export interface DoctorCheck {
  readonly id: string
  readonly title: string
  /** Id of the check without which this one makes no sense. */
  readonly after?: string
  /** Returns what was found, or a fault; throws what also stops the checks after it. */
  readonly run: () => Promise<string | Fault | Hint>
}
