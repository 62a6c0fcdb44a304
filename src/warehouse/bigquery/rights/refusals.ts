import { AppError } from '../../../core/errors.ts'
import type { Failure } from '../failure.ts'
import type { Service } from '../service.ts'
import type { Grant } from './grants.ts'

interface Refused {
  readonly what: string
  readonly grants: readonly Grant[]
  /** The smallest usual role that may. */
  readonly role: string
}

/** The error of a grant that the operator may not make: who may, and the lines for them. An API that is off keeps its own fix. */
export const mayNotGrant = (service: Service, failure: Failure, { what, grants, role }: Refused): AppError => {
  if (failure.status === 400)
    return new AppError({
      what: `Google did not ${what}.`,
      why: failure.message,
      next: ['Mend what it says, then try by hand:', ...grants.map(({ line }) => line)],
      kind: 'refused',
      cause: failure,
    })
  if (failure.status !== 403 || failure.reason === 'accessNotConfigured') return service.explain(failure, what)
  return new AppError({
    what: `The operator may not ${what}.`,
    why: `That takes ${role}, which Data Editor and Job User do not hold.`,
    next: ['Let somebody who may run:', ...grants.map(({ line }) => line), 'Then look again: bbq permissions check'],
    kind: 'refused',
    cause: failure,
  })
}

/** The error of a list that is not shown with its entries and their etag. */
export const notWhole = ({ place }: Service, { what, grants, role }: Refused): AppError =>
  new AppError({
    what: `The operator does not see who may use the dataset ${place.project}.${place.dataset}, so it did not ${what}.`,
    why: `A list is written as a whole, and what is not shown would be lost. ${role} shows it.`,
    next: ['Let somebody who may run:', ...grants.map(({ line }) => line), 'Then look again: bbq permissions check'],
    kind: 'refused',
  })

/** The error of a list that others change all the time. */
export const changesTooFast = (what: string): AppError =>
  new AppError({
    what: `${what} changes faster than it can be added to.`,
    why: 'Other programs write it at the same time; nothing of theirs was overwritten.',
    next: ['Try again in a minute.'],
  })
