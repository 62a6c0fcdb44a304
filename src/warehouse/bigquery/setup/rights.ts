import { AppError } from '../../../core/errors.ts'
import type { Repair, SetupStep } from '../../setup.ts'
import type { CallOptions } from '../../warehouse.ts'
import { readDataset } from '../rights/dataset-access.ts'
import type { Desk } from '../rights/desk.ts'
import { type Grant, planGrants } from '../rights/grants.ts'
import { lackingRoles, lookAtRights, type Rights } from '../rights/look.ts'
import { awaitGrants, makeGrants } from '../rights/make-grants.ts'
import { type RoleName, roleNames } from '../rights/wanted.ts'
import { sharedBy } from '../wait-until.ts'
import type { SetupParts } from './parts.ts'

const repairOf = (operator: Desk, desk: Desk, grants: readonly Grant[]): Repair => ({
  title: `grant the ${desk.role} ${grants.map(({ role }) => roleNames[role].title).join(' and ')}`,
  flag: '--grant',
  command: 'bbq permissions grant',
  changes: grants.map(({ change }) => change),
  lines: grants.map(({ line }) => line),
  run: async ({ onStep, ...options }) => {
    const left = sharedBy(options)
    await makeGrants(operator, grants, left())
    onStep('waiting until the grant is seen, which may take some minutes')
    if (await awaitGrants(desk, grants, left()))
      return `granted ${grants.map(({ role }) => roleNames[role].iam).join(', ')}`
    throw new AppError({
      what: `The ${desk.role} was granted what it lacks, and does not see it yet.`,
      why: 'A grant may take some minutes to arrive.',
      next: ['Look again: bbq permissions check'],
      kind: 'refused',
    })
  },
})

const lacks = (rights: Rights, lacking: readonly RoleName[], grants: readonly Grant[]): AppError => {
  const missing = rights.rights.filter(({ verdict, role }) => verdict === 'missing' && lacking.includes(role))
  return new AppError({
    what: `The ${rights.role} lacks ${lacking.map((one) => roleNames[one].title).join(' and ')}.`,
    why: `${rights.identity.email ?? 'Its account'} may not ${[...new Set(missing.map(({ why }) => why))].join(', ')}.`,
    next: grants.map(({ line }) => `Grant it: ${line}`),
    kind: 'refused',
  })
}

/** Nobody can be given a right on a dataset that is not there; who may not see it is not told so. */
const isNoDataset = async ({ service }: Desk, options: CallOptions): Promise<boolean> => {
  const found = await readDataset(service, options)
  return 'failure' in found && found.failure.status === 404
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
    const all = lackingRoles(rights)
    const early = desk.role === 'uploader' && all.includes('dataEditor') && (await isNoDataset(operator, options))
    const lacking = early ? all.filter((role) => role !== 'dataEditor') : all
    const known = `${rights.identity.email ?? rights.identity.from}`
    if (all.length === 0)
      return {
        detail: rights.rights.some(({ verdict }) => verdict === 'unknown')
          ? `may run jobs, and nothing says that it lacks the rest (${known})`
          : `all that the demo needs (${known})`,
      }
    if (lacking.length === 0) return { detail: `may run jobs; the rest is seen when the dataset is there (${known})` }
    const grants = planGrants(desk.service.place, rights).filter(({ role }) => lacking.includes(role))
    return {
      problem: lacks(rights, lacking, grants),
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
