import { z } from 'zod'
import type { AppError } from '../../../core/errors.ts'
import type { CallOptions } from '../../warehouse.ts'
import type { Failure } from '../failure.ts'
import type { Service } from '../service.ts'
import type { Grant } from './grants.ts'
import { memberOf } from './lines.ts'
import { changesTooFast, mayNotGrant } from './refusals.ts'
import { roleNames } from './wanted.ts'

const binding = z.looseObject({
  role: z.string(),
  members: z.array(z.string()).default([]),
  condition: z.unknown().optional(),
})

// without its etag a policy would overwrite whatever stands there by then, and an empty answer everything
const policyAnswer = z.looseObject({ etag: z.string(), bindings: z.array(binding).default([]) })

type Policy = z.infer<typeof policyAnswer>

const mostRaces = 8

/** A policy replaces the whole of the one before, so all that was read is kept, conditions too; undefined when nothing is missing. */
const withMembers = (policy: Policy, grants: readonly Grant[]): Policy | undefined => {
  let { bindings } = policy
  for (const grant of grants) {
    const role = roleNames[grant.role].iam
    const member = memberOf(grant.email)
    const found = bindings.find((one) => one.role === role && one.condition === undefined)
    if (found?.members.includes(member) === true) continue
    bindings =
      found === undefined
        ? [...bindings, { role, members: [member] }]
        : bindings.map((one) => (one === found ? { ...one, members: [...one.members, member] } : one))
  }
  return bindings === policy.bindings ? undefined : { ...policy, version: 3, bindings }
}

const path = ({ place }: Service, verb: string): string => `/v3/projects/${encodeURIComponent(place.project)}:${verb}`

/** Adds members to the project's policy by read, append and write with the etag that was read; whoever else changes it at the same time loses nothing. */
export const grantOnProject = async (
  service: Service,
  grants: readonly Grant[],
  options: CallOptions,
): Promise<void> => {
  const what = `change who may use the project ${service.place.project}`
  const known = ({ status }: Failure): boolean => status === 400 || status === 403 || status === 409
  const refuse = (failure: Failure): AppError =>
    mayNotGrant(service, failure, { what, grants, role: 'roles/resourcemanager.projectIamAdmin' })
  for (let races = 0; races < mostRaces; races += 1) {
    const read = await service.ask(
      {
        method: 'POST',
        api: 'cloudresourcemanager',
        path: path(service, 'getIamPolicy'),
        body: { options: { requestedPolicyVersion: 3 } },
        shape: policyAnswer,
        doing: `read the policy of the project ${service.place.project}`,
      },
      options,
      known,
    )
    if ('failure' in read) throw refuse(read.failure)
    const policy = withMembers(read.value, grants)
    if (policy === undefined) return
    const written = await service.ask(
      {
        method: 'POST',
        api: 'cloudresourcemanager',
        path: path(service, 'setIamPolicy'),
        body: { policy },
        shape: policyAnswer,
        doing: what,
      },
      options,
      known,
    )
    if ('value' in written) return
    if (written.failure.status !== 409) throw refuse(written.failure)
  }
  throw changesTooFast(`The policy of the project ${service.place.project}`)
}
