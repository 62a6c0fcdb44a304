import { ApiProblem, accessDenied, notFound } from './problem.ts'
import { permissionsOf } from './roles.ts'
import type { Call, Dataset, StoredTable } from './world.ts'

/** Refuses a call whose account lacks a permission on the project. */
export const needOnProject = ({ world, account }: Call, permission: string): void => {
  if (world.permissions.may(account, permission)) return
  throw accessDenied(
    `Project ${world.projectId}: User does not have ${permission} permission in project ${world.projectId}.`,
  )
}

export const needOnDataset = ({ world, account }: Call, permission: string, datasetId: string): void => {
  if (world.permissions.may(account, permission, datasetId)) return
  const name = `${world.projectId}:${datasetId}`
  throw accessDenied(`Dataset ${name}: Permission ${permission} denied on dataset ${name} (or it may not exist).`)
}

export const needOnTable = ({ world, account }: Call, permission: string, datasetId: string, tableId: string): void => {
  if (world.permissions.may(account, permission, datasetId)) return
  const grants = world.datasets.get(datasetId)?.tables.get(tableId)?.bindings ?? []
  const own = grants.filter(({ members }) => members.some((one) => one.slice(one.indexOf(':') + 1) === account))
  if (own.some(({ role }) => permissionsOf(role).includes(permission))) return
  const name = `${world.projectId}:${datasetId}.${tableId}`
  throw accessDenied(`Table ${name}: Permission ${permission} denied on table ${name} (or it may not exist).`)
}

/** The dataset of the path. */
export const datasetOf = ({ world, params }: Call): Dataset => {
  const found = world.datasets.get(params['dataset'] ?? '')
  if (found === undefined) throw notFound(`Dataset ${world.projectId}:${params['dataset']}`)
  return found
}

export const tableOf = (call: Call): StoredTable => {
  const found = datasetOf(call).tables.get(call.params['table'] ?? '')
  if (found === undefined)
    throw notFound(`Table ${call.world.projectId}:${call.params['dataset']}.${call.params['table']}`)
  return found
}

/** Refuses a change of something that has changed since it was read. */
export const checkEtag = (call: Call, etag: string): void => {
  const wanted = call.headers['if-match']
  if (wanted !== undefined && wanted !== '*' && wanted !== etag)
    throw new ApiProblem(412, 'conditionNotMet', 'Precondition check failed.')
}
