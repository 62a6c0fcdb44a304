import { AppError } from '../../../core/errors.ts'
import type { Repair, SetupStep } from '../../setup.ts'
import type { Desk } from '../rights/desk.ts'
import { type Grant, planGrants } from '../rights/grants.ts'
import { lackingRoles, lookAtRights, type Rights } from '../rights/look.ts'
import { awaitGrants, makeGrants } from '../rights/make-grants.ts'
import { roleNames } from '../rights/wanted.ts'
import type { SetupParts } from './parts.ts'

const repairOf = (operator: Desk, desk: Desk, grants: readonly Grant[]): Repair => ({
  title: `grant the ${desk.role} ${grants.map(({ role }) => roleNames[role].title).join(' and ')}`,
  flag: '--grant',
  command: 'bbq permissions grant',
  changes: grants.map(({ change }) => change),
  lines: grants.map(({ line }) => line),
  run: async ({ onStep, ...options }) => {
    await makeGrants(operator, grants, options)
    onStep('waiting until the grant is seen, which may take some minutes')
    if (await awaitGrants(desk, options)) return `granted ${grants.map(({ role }) => roleNames[role].iam).join(', ')}`
    throw new AppError({
      what: `The ${desk.role} was granted what it lacks, and does not see it yet.`,
      why: 'A grant may take some minutes to arrive.',
      next: ['Look again: bbq permissions check'],
      kind: 'refused',
    })
  },
})

const lacks = (rights: Rights, grants: readonly Grant[]): AppError => {
  const missing = rights.rights.filter(({ verdict }) => verdict === 'missing')
  return new AppError({
    what: `The ${rights.role} lacks ${lackingRoles(rights)
      .map((one) => roleNames[one].title)
      .join(' and ')}.`,
    why: `${rights.identity.email ?? `The ${rights.identity.from}`} may not ${[...new Set(missing.map(({ why }) => why))].join(', ')}.`,
    next: grants.map(({ line }) => `Grant it: ${line}`),
    kind: 'refused',
  })
}

/** Whether an account has what the demo needs of it. */
const rightsStep = (
  { operator }: SetupParts,
  desk: Desk,
  about: Pick<SetupStep, 'id' | 'title' | 'after'>,
): SetupStep => ({
  ...about,
  look: async (options) => {
    const rights = await lookAtRights(desk, options)
    const lacking = lackingRoles(rights)
    const known = `${rights.identity.email ?? rights.identity.from}`
    if (lacking.length === 0)
      return {
        detail: rights.rights.some(({ verdict }) => verdict === 'unknown')
          ? `may run jobs, and nothing says that it lacks the rest (${known})`
          : `all that the demo needs (${known})`,
      }
    if (desk.role === 'uploader' && rights.datasetMissing && !lacking.includes('jobUser'))
      return { detail: `may run jobs; the rest is seen when the dataset is there (${known})` }
    const grants = planGrants(desk.service.place, rights)
    return {
      problem: lacks(rights, grants),
      ...(rights.identity.email === undefined ? {} : { repair: repairOf(operator, desk, grants) }),
    }
  },
})

/** The rights of who makes tables and asks. */
export const operatorStep = (parts: SetupParts): SetupStep =>
  rightsStep(parts, parts.operator, { id: 'operator', title: "Operator's rights", after: 'apis' })

/** The rights of the account whose key lies on the nodes. */
export const uploaderStep = (parts: SetupParts): SetupStep =>
  rightsStep(parts, parts.uploader, { id: 'uploader', title: "Uploader's rights", after: 'apis' })
