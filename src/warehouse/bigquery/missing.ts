import { AppError } from '../../core/errors.ts'

/** What is said where something is missing and may not be made. */
export const notThere = (what: string): AppError =>
  new AppError({
    what: `${what} is not there.`,
    why: 'project.create_if_missing is false, so it is not made.',
    next: ['Make it yourself, or set project.create_if_missing: true.'],
    kind: 'refused',
  })
