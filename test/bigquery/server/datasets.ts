import { z } from 'zod'
import { quoteName } from '../../../src/core/duckdb-types.ts'
import { checkEtag, datasetOf, needOnDataset, needOnProject } from './allow.ts'
import { mergeLabels } from './labels.ts'
import { ApiProblem, duplicate, invalid } from './problem.ts'
import { iamRole, legacyRole } from './roles.ts'
import { type Dataset, type Handler, ok, touch, type World } from './world.ts'

const entrySchema = z.record(z.string(), z.unknown())

const bodySchema = z.object({
  datasetReference: z.object({ datasetId: z.string(), projectId: z.string().optional() }),
  location: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  description: z.string().optional(),
  access: z.array(entrySchema).optional(),
})

/** US and EU in capitals, regions in small letters; the API takes both. */
export const locationName = (location: string | undefined): string => {
  const upper = (location ?? 'US').toUpperCase()
  return upper === 'US' || upper === 'EU' ? upper : upper.toLowerCase()
}

const sandboxExpiryMs = String(60 * 86_400_000)

const describe = (world: World, dataset: Dataset): object => ({
  kind: 'bigquery#dataset',
  etag: dataset.etag,
  id: `${world.projectId}:${dataset.id}`,
  datasetReference: { datasetId: dataset.id, projectId: world.projectId },
  location: dataset.location,
  creationTime: String(dataset.created),
  lastModifiedTime: String(dataset.modified),
  type: 'DEFAULT',
  access: dataset.access,
  ...(dataset.description === undefined ? {} : { description: dataset.description }),
  ...(Object.keys(dataset.labels).length === 0 ? {} : { labels: dataset.labels }),
  ...(world.billing
    ? {}
    : { defaultTableExpirationMs: sandboxExpiryMs, defaultPartitionExpirationMs: sandboxExpiryMs }),
})

/** Takes an access list over into the permissions; roles come back in their older names. */
const setAccess = (world: World, dataset: Dataset, entries: readonly Readonly<Record<string, unknown>>[]): void => {
  dataset.access = entries.map((entry) =>
    typeof entry['role'] === 'string' ? { ...entry, role: legacyRole(entry['role']) } : entry,
  )
  const grants = dataset.access.flatMap((entry) => {
    const member = entry['userByEmail'] ?? entry['iamMember']
    if (typeof member !== 'string' || typeof entry['role'] !== 'string') return []
    return [{ account: member.slice(member.indexOf(':') + 1), name: iamRole(entry['role']) }]
  })
  world.permissions.replace(`access of ${dataset.id}`, { dataset: dataset.id }, grants)
}

export const getDataset: Handler = (call) => {
  const dataset = datasetOf(call)
  needOnDataset(call, 'bigquery.datasets.get', dataset.id)
  return ok(describe(call.world, dataset))
}

export const listDatasets: Handler = ({ world, account }) =>
  ok({
    kind: 'bigquery#datasetList',
    datasets: [...world.datasets.values()]
      .filter(({ id }) => world.permissions.may(account, 'bigquery.datasets.get', id))
      .map(({ id, location }) => ({
        kind: 'bigquery#dataset',
        id: `${world.projectId}:${id}`,
        datasetReference: { datasetId: id, projectId: world.projectId },
        location,
      })),
  })

export const insertDataset: Handler = async (call) => {
  const { world, account } = call
  needOnProject(call, 'bigquery.datasets.create')
  const body = bodySchema.safeParse(call.body)
  if (!body.success) throw invalid('Required parameter is missing: datasetReference.datasetId')
  const { datasetReference, location, labels = {}, description, access } = body.data
  const id = datasetReference.datasetId
  if (!/^\w{1,1024}$/.test(id))
    throw invalid(
      `Invalid dataset ID "${id}". Dataset IDs must be alphanumeric (plus underscores) and must be at most 1024 characters long.`,
    )
  if (world.datasets.has(id)) throw duplicate(`Dataset ${world.projectId}:${id}`)
  const at = world.now()
  const dataset: Dataset = {
    id,
    location: locationName(location),
    created: at,
    modified: at,
    etag: world.newEtag(),
    access: [],
    labels: mergeLabels({}, labels),
    description,
    tables: new Map(),
  }
  world.datasets.set(id, dataset)
  setAccess(
    world,
    dataset,
    access ?? [
      { role: 'WRITER', specialGroup: 'projectWriters' },
      { role: 'OWNER', specialGroup: 'projectOwners' },
      ...(account === undefined ? [] : [{ role: 'OWNER', userByEmail: account }]),
      { role: 'READER', specialGroup: 'projectReaders' },
    ],
  )
  await world.database.run(`CREATE SCHEMA ${quoteName(id)}`)
  return ok(describe(world, dataset))
}

const patchSchema = z.object({
  access: z.array(entrySchema).optional(),
  labels: z.record(z.string(), z.string().nullable()).optional(),
  description: z.string().optional(),
  location: z.string().optional(),
})

export const patchDataset: Handler = (call) => {
  const dataset = datasetOf(call)
  needOnDataset(call, 'bigquery.datasets.update', dataset.id)
  checkEtag(call, dataset.etag)
  const body = patchSchema.safeParse(call.body)
  if (!body.success) throw invalid('Invalid value for field')
  const { access, labels, description, location } = body.data
  if (location !== undefined && locationName(location) !== dataset.location)
    throw invalid('Cannot change the location of a dataset')
  if (labels !== undefined) dataset.labels = mergeLabels(dataset.labels, labels)
  if (description !== undefined) dataset.description = description
  if (access !== undefined) setAccess(call.world, dataset, access)
  touch(dataset, call.world)
  return ok(describe(call.world, dataset))
}

export const deleteDataset: Handler = async (call) => {
  const dataset = datasetOf(call)
  needOnDataset(call, 'bigquery.datasets.delete', dataset.id)
  if (dataset.tables.size > 0 && call.query.get('deleteContents') !== 'true')
    throw new ApiProblem(400, 'resourceInUse', `Dataset ${call.world.projectId}:${dataset.id} is still in use`)
  call.world.datasets.delete(dataset.id)
  await call.world.database.run(`DROP SCHEMA ${quoteName(dataset.id)} CASCADE`)
  return { status: 204 }
}
