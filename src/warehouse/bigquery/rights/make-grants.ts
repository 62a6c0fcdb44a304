import { AppError, toAppError } from '../../../core/errors.ts'
import type { CallOptions } from '../../warehouse.ts'
import { waitUntil } from '../wait-until.ts'
import type { Desk } from './desk.ts'
import { grantOnDataset } from './grant-on-dataset.ts'
import { grantOnProject } from './grant-on-project.ts'
import type { Grant } from './grants.ts'
import { lackingRoles, lookAtRights } from './look.ts'

/** Makes grants in the operator's name; one that is there already changes nothing. An error tells what was made before it. */
export const makeGrants = async ({ service }: Desk, grants: readonly Grant[], options: CallOptions): Promise<void> => {
  const known = grants.filter(({ email }) => email !== undefined)
  const on = (where: Grant['on']): readonly Grant[] => known.filter((grant) => grant.on === where)
  // the dataset first: its owner may often not change the project, and then at least that is done
  if (on('dataset').length > 0) await grantOnDataset(service, on('dataset'), options)
  if (on('project').length === 0) return
  await grantOnProject(service, on('project'), options).catch((thrown: unknown) => {
    throw on('dataset').length === 0 ? thrown : halfMade(toAppError(thrown), on('dataset'))
  })
}

const halfMade = ({ what, why = '', next, kind, cause }: AppError, made: readonly Grant[]): AppError =>
  new AppError({
    what,
    why: `${why} Made before that: ${made.map(({ change }) => change).join('; ')}.`.trim(),
    next,
    kind,
    cause,
  })

/** Waits until an account sees the roles that it was granted; false when the time is over. A look that fails is made again. */
export const awaitGrants = (desk: Desk, grants: readonly Grant[], options: CallOptions): Promise<boolean> =>
  waitUntil(async (call) => {
    try {
      const lacking = lackingRoles(await lookAtRights(desk, call))
      return !grants.some(({ role }) => lacking.includes(role))
    } catch (thrown) {
      if (toAppError(thrown).kind === 'interrupted') throw thrown
      return false
    }
  }, options)
