import { z } from 'zod'
import { ApiProblem, invalid, notFound } from './problem.ts'
import { type Answer, type Call, type Handler, ok, type World } from './world.ts'

const permissionsSchema = z.object({ permissions: z.array(z.string()) })

const forbidden = (): ApiProblem => new ApiProblem(403, 'forbidden', 'The caller does not have permission')

const need = (call: Call, permission: string): void => {
  const { world, account, params } = call
  const here = params['project'] === undefined || (params['project'] === world.projectId && world.projectExists)
  if (!here || !world.permissions.may(account, permission)) throw forbidden()
}

/** Bindings with a condition show only to who asks for version 3; others see a role of another name instead. */
const policyOf = ({ policy }: World, version: number): object => ({
  etag: policy.etag,
  version,
  bindings: policy.bindings.map(({ condition, ...binding }) =>
    condition === undefined
      ? binding
      : version === 3
        ? { ...binding, condition }
        : { ...binding, role: `${binding.role}_withcond_2f9c` },
  ),
})

/** The resource manager's test of the project: rights on a dataset do not show in it. */
export const testProject: Handler = (call) => {
  const { world, account, params } = call
  const body = permissionsSchema.safeParse(call.body)
  if (!body.success) throw invalid('Required field: permissions')
  if (params['project'] !== world.projectId || !world.projectExists) throw forbidden()
  const granted = body.data.permissions.filter((permission) => world.permissions.may(account, permission))
  return ok(granted.length === 0 ? {} : { permissions: granted })
}

export const getProjectPolicy: Handler = (call) => {
  need(call, 'resourcemanager.projects.getIamPolicy')
  const asked = z.object({ options: z.object({ requestedPolicyVersion: z.number() }) }).safeParse(call.body)
  return ok(policyOf(call.world, asked.data?.options.requestedPolicyVersion ?? 1))
}

const policySchema = z.object({
  policy: z.object({
    etag: z.string().optional(),
    version: z.number().optional(),
    bindings: z
      .array(
        z.object({
          role: z.string(),
          members: z.array(z.string()),
          condition: z.record(z.string(), z.unknown()).optional(),
        }),
      )
      .default([]),
  }),
})

/** Replaces the whole policy; one that was read before another change is refused. */
export const setProjectPolicy: Handler = (call) => {
  const { world } = call
  need(call, 'resourcemanager.projects.setIamPolicy')
  const body = policySchema.safeParse(call.body)
  if (!body.success) throw invalid('Invalid policy')
  const { etag, bindings, version } = body.data.policy
  if (version !== 3 && [...bindings, ...world.policy.bindings].some(({ condition }) => condition !== undefined))
    throw invalid('Specified policy version (1) cannot set conditional role bindings. Minimum required: 3.')
  const unknown = bindings.flatMap(({ role, members }) => [
    ...(role.includes('_withcond_') ? [role] : []),
    ...members.filter((member) => !/^(?:user|serviceAccount|group|domain):[^:\s]+$/.test(member)),
  ])[0]
  if (unknown !== undefined) throw invalid(`Invalid role or member: ${unknown}`)
  if (etag !== undefined && etag !== world.policy.etag)
    throw new ApiProblem(
      409,
      'aborted',
      'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
    )
  world.policy = { bindings, etag: `BwX${world.newEtag().replaceAll('"', '')}` }
  world.permissions.replace(
    'policy',
    'project',
    bindings.flatMap(({ role, members, condition }) =>
      (condition === undefined ? members : []).map((member) => ({
        account: member.slice(member.indexOf(':') + 1),
        name: role,
      })),
    ),
  )
  return ok(policyOf(world, 3))
}

/** BigQuery's own test of a table; a table that is missing has an empty set, not a 404. */
export const testTable: Handler = ({ world, account, params, body: given }) => {
  const body = permissionsSchema.safeParse(given)
  if (!body.success) throw invalid('Required field: permissions')
  const wrong = body.data.permissions.find((permission) => !permission.startsWith('bigquery.tables.'))
  if (wrong !== undefined) throw invalid(`Permission ${wrong} is not valid for this resource.`)
  const dataset = params['dataset'] ?? ''
  const there = world.datasets.get(dataset)?.tables.has(params['table'] ?? '') === true
  const granted = body.data.permissions.filter((one) => there && world.permissions.may(account, one, dataset))
  return ok(granted.length === 0 ? {} : { permissions: granted })
}

const describe = ({ projectId }: World): object => ({
  name: 'projects/100000000001',
  projectId,
  displayName: projectId,
  state: 'ACTIVE',
})

export const getProject: Handler = (call) => {
  need(call, 'resourcemanager.projects.get')
  return ok(describe(call.world))
}

/** Makes the one project that this server can have. */
export const createProject: Handler = (call) => {
  const { world, account } = call
  if (account === undefined || !world.permissions.may(account, 'resourcemanager.projects.create')) throw forbidden()
  const body = z.object({ projectId: z.string() }).safeParse(call.body)
  if (!body.success) throw invalid('Required field: projectId')
  // whoever asks twice for one in the making is told that it is there, and then it soon is
  const making = world.operations.get('cp.1')
  making?.finish()
  if (making !== undefined || world.projectExists || body.data.projectId !== world.projectId)
    throw new ApiProblem(409, 'alreadyExists', 'Requested entity already exists')
  return ok(
    begun(world, 'cp.1', () => {
      world.projectExists = true
      if (account !== undefined) world.permissions.add(account, ['roles/owner'], 'project', 'creator')
    }),
  )
}

/** An operation that is done when it is asked for a second time. */
const begun = ({ operations }: World, id: string, finish: () => void): object => {
  operations.set(id, { asks: 0, finish })
  return { name: `operations/${id}`, done: false }
}

export const getOperation: Handler = ({ world, params }) => {
  const id = params['operation'] ?? ''
  const found = world.operations.get(id)
  if (found === undefined) throw notFound(`operations/${id}`)
  found.asks += 1
  if (found.asks < 2) return ok({ name: `operations/${id}`, done: false })
  found.finish()
  return ok({ name: `operations/${id}`, done: true, response: describe(world) })
}

export const getBilling: Handler = (call): Answer => {
  need(call, 'resourcemanager.projects.get')
  const { projectId, billing } = call.world
  return ok({
    name: `projects/${projectId}/billingInfo`,
    projectId,
    billingAccountName: billing ? 'billingAccounts/000000-000000-000000' : '',
    billingEnabled: billing,
  })
}

export const getService: Handler = (call) => {
  need(call, 'serviceusage.services.get')
  const on = call.params['service'] !== 'bigquery.googleapis.com' || call.world.apiEnabled
  return ok({
    name: `projects/100000000001/services/${call.params['service']}`,
    state: on ? 'ENABLED' : 'DISABLED',
  })
}

export const enableService: Handler = (call) => {
  need(call, 'serviceusage.services.enable')
  const { world, params } = call
  const service = params['service'] ?? ''
  return ok(
    begun(world, `acf.${service.split('.')[0]}`, () => {
      if (service === 'bigquery.googleapis.com') world.apiEnabled = true
      if (service === 'cloudresourcemanager.googleapis.com') world.resourceManagerEnabled = true
    }),
  )
}
