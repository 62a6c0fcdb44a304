import type { CallOptions } from '../../warehouse.ts'
import { maySee, readDataset } from './dataset-access.ts'
import type { Desk, Identity, Role } from './desk.ts'
import { testProject, testTables, tryDryRun, tryingJobs } from './tests.ts'
import { type Beyond, beyond, tableRights, type WantedRight, wantedRights } from './wanted.ts'

export interface SeenRight extends WantedRight {
  /** `unknown` where nothing tells, and nothing says that it is missing. */
  readonly verdict: 'granted' | 'missing' | 'unknown'
  /** What told it: `dry run`, `project test`, `table test`, `access list`, `dataset read`. */
  readonly by: string
}

interface SeenBeyond extends Beyond {
  readonly verdict: 'granted' | 'missing' | 'unknown'
}

/** What one account may do, asked in its own name. */
export interface Rights {
  readonly role: Role
  readonly identity: Identity
  readonly rights: readonly SeenRight[]
  readonly beyond: readonly SeenBeyond[]
  readonly datasetMissing: boolean
}

/** Asks what the account of the desk may do; changes and bills nothing. */
export const lookAtRights = async (desk: Desk, options: CallOptions): Promise<Rights> => {
  const { service, role } = desk
  const identity = await desk.who()
  const wanted = wantedRights.filter(({ who }) => who.includes(role))
  const asked = [...wanted.map(({ permission }) => permission), ...beyond.flatMap(({ permission }) => permission ?? [])]
  // the dry run first: what is wrong with the project or its API is told by BigQuery itself
  const refused = await tryDryRun(service, options)
  const runs = refused === undefined
  if (refused !== undefined && !(refused.status === 403 && refused.reason === 'accessDenied'))
    throw service.explain(refused, tryingJobs)
  const [project, found, onTables] = await Promise.all([
    testProject(service, asked, options),
    readDataset(service, options),
    testTables(service, options),
  ])
  const dataset = 'value' in found ? found.value : undefined
  const { email } = identity
  const listed = dataset !== undefined && email !== undefined && maySee.write(dataset, email)
  const owns = dataset !== undefined && email !== undefined && maySee.own(dataset, email)

  const seen = (permission: string): Pick<SeenRight, 'verdict' | 'by'> => {
    if (permission === 'bigquery.jobs.create') return { verdict: runs ? 'granted' : 'missing', by: 'dry run' }
    if (permission === 'bigquery.datasets.get' && dataset !== undefined)
      return { verdict: 'granted', by: 'dataset read' }
    if (project?.has(permission) === true) return { verdict: 'granted', by: 'project test' }
    if (listed) return { verdict: 'granted', by: 'access list' }
    const ofTable = tableRights.includes(permission)
    if (ofTable && onTables !== undefined)
      return { verdict: onTables.has(permission) ? 'granted' : 'missing', by: 'table test' }
    if (project === undefined) return { verdict: 'unknown', by: 'the project cannot be asked' }
    // a group in the access list may hold what no test shows
    if (!ofTable && onTables?.has('bigquery.tables.updateData') === true)
      return { verdict: 'unknown', by: 'table test' }
    if (onTables === undefined && dataset !== undefined && !project.has('bigquery.datasets.get'))
      return { verdict: 'unknown', by: 'dataset read' }
    return { verdict: 'missing', by: 'project test' }
  }
  const seenBeyond = ({ id, permission }: Beyond): SeenBeyond['verdict'] => {
    if (id === 'dataGrant' && owns) return 'granted'
    if (permission === undefined || project === undefined) return 'unknown'
    return project.has(permission) ? 'granted' : 'missing'
  }
  return {
    role,
    identity,
    rights: wanted.map((right) => ({ ...right, ...seen(right.permission) })),
    beyond: beyond.map((one) => ({ ...one, verdict: seenBeyond(one) })),
    datasetMissing: 'failure' in found && found.failure.status === 404,
  }
}

/** The roles of which the account lacks something. */
export const lackingRoles = ({ rights }: Rights): readonly SeenRight['role'][] => [
  ...new Set(rights.filter(({ verdict }) => verdict === 'missing').map(({ role }) => role)),
]
