import { z } from 'zod'
import { needOnDataset, needOnProject } from './allow.ts'
import { ApiProblem, invalid } from './problem.ts'
import { type Answer, type Call, type Handler, ok, type World } from './world.ts'

const permissionsSchema = z.object({ permissions: z.array(z.string()) })

const forbidden = (): ApiProblem => new ApiProblem(403, 'forbidden', 'The caller does not have permission')

const need = (call: Call, permission: string): void => {
  const { world, account, params } = call
  const here = params['project'] === undefined || (params['project'] === world.projectId && world.projectExists)
  if (!here || !world.permissions.may(account, permission)) throw forbidden()
}

const policyOf = ({ policy }: World): object => ({ version: 1, ...policy })

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
  return ok(policyOf(call.world))
}

const policySchema = z.object({
  policy: z.object({
    etag: z.string().optional(),
    bindings: z.array(z.object({ role: z.string(), members: z.array(z.string()) })).default([]),
  }),
})

/** Replaces the whole policy; one that was read before another change is refused. */
export const setProjectPolicy: Handler = (call) => {
  const { world } = call
  need(call, 'resourcemanager.projects.setIamPolicy')
  const body = policySchema.safeParse(call.body)
  if (!body.success) throw invalid('Invalid policy')
  const { etag, bindings } = body.data.policy
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
    bindings.flatMap(({ role, members }) =>
      members.map((member) => ({ account: member.slice(member.indexOf(':') + 1), name: role })),
    ),
  )
  return ok(policyOf(world))
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

/** A table's own policy, which is empty: grants here are on datasets and the project. */
export const getTablePolicy: Handler = (call) => {
  needOnDataset(call, 'bigquery.tables.getIamPolicy', call.params['dataset'] ?? '')
  return ok({ version: 1, etag: 'ACAB' })
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
  const { world } = call
  needOnProject(call, 'resourcemanager.projects.create')
  const body = z.object({ projectId: z.string() }).safeParse(call.body)
  if (!body.success) throw invalid('Required field: projectId')
  if (world.projectExists || body.data.projectId !== world.projectId)
    throw new ApiProblem(409, 'alreadyExists', 'Requested entity already exists')
  world.projectExists = true
  return ok({ name: 'operations/cp.1', done: false })
}

export const getOperation: Handler = ({ world, params }) =>
  ok({ name: `operations/${params['operation']}`, done: true, response: describe(world) })

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
  if (call.params['service'] === 'bigquery.googleapis.com') call.world.apiEnabled = true
  return ok({ name: 'operations/acf.p2-1', done: true, response: {} })
}
