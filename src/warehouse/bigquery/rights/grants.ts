import type { Place } from '../place.ts'
import type { Role } from './desk.ts'
import { grantLine } from './lines.ts'
import { lackingRoles, type Rights } from './look.ts'
import { type RoleName, roleNames } from './wanted.ts'

/** A role for an account that lacks it, where the demo needs it. */
export interface Grant {
  readonly account: Role
  readonly role: RoleName
  readonly on: 'project' | 'dataset'
  /** Address of the account; undefined where its credentials do not tell it, so that only its owner can make the grant. */
  readonly email?: string
  /** `project demo: + roles/bigquery.jobUser for serviceAccount:...` */
  readonly change: string
  /** The command line that does the same. */
  readonly line: string
}

/** The grants that give an account what it lacks, and nothing that it has. Data Editor is the dataset's, unless there is none yet. */
export const planGrants = (place: Place, rights: Rights): readonly Grant[] => {
  const { identity, role: account } = rights
  // whoever makes the dataset owns it; nodes get it and nothing beside it
  const makesDataset = account === 'operator' && rights.datasetMissing
  return lackingRoles(rights).map((role): Grant => {
    const on = role === 'dataEditor' && !makesDataset ? 'dataset' : 'project'
    const where = on === 'project' ? `project ${place.project}` : `dataset ${place.project}.${place.dataset}`
    return {
      account,
      role,
      on,
      ...(identity.email === undefined ? {} : { email: identity.email }),
      change: `${where}: + ${roleNames[role].iam} for ${identity.email ?? `the ${account}`}`,
      line: grantLine(role, on, place, identity),
    }
  })
}
