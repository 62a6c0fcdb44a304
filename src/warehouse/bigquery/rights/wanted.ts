import type { Role } from './desk.ts'

export type RoleName = 'jobUser' | 'dataEditor'

/** The names of the two roles that the demo needs. */
export const roleNames = {
  jobUser: { title: 'Job User', iam: 'roles/bigquery.jobUser' },
  dataEditor: { title: 'Data Editor', iam: 'roles/bigquery.dataEditor' },
} as const satisfies Record<RoleName, { readonly title: string; readonly iam: string }>

export interface WantedRight {
  readonly role: RoleName
  readonly permission: string
  readonly who: readonly Role[]
  /** What cannot be done without it. */
  readonly why: string
}

const both: readonly Role[] = ['operator', 'uploader']
const operator: readonly Role[] = ['operator']

/** What the demo needs, and nothing beyond Data Editor and Job User. */
export const wantedRights: readonly WantedRight[] = [
  { role: 'jobUser', permission: 'bigquery.jobs.create', who: both, why: 'run load jobs and queries' },
  { role: 'dataEditor', permission: 'bigquery.datasets.get', who: operator, why: 'find the dataset' },
  { role: 'dataEditor', permission: 'bigquery.tables.create', who: operator, why: 'make the tables' },
  { role: 'dataEditor', permission: 'bigquery.tables.get', who: both, why: 'see a table and its epoch' },
  { role: 'dataEditor', permission: 'bigquery.tables.getData', who: operator, why: 'watch and query rows' },
  { role: 'dataEditor', permission: 'bigquery.tables.update', who: both, why: 'set the epoch, load with a schema' },
  { role: 'dataEditor', permission: 'bigquery.tables.updateData', who: both, why: 'load rows' },
  { role: 'dataEditor', permission: 'bigquery.tables.delete', who: operator, why: 'empty the tables' },
]

/** What may be asked of one table; the other rights are the dataset's or the project's. */
export const tableRights: readonly string[] = [
  'bigquery.tables.get',
  'bigquery.tables.getData',
  'bigquery.tables.update',
  'bigquery.tables.updateData',
  'bigquery.tables.delete',
]

export interface Beyond {
  readonly id: 'project' | 'apis' | 'jobGrant' | 'dataGrant'
  readonly what: string
  /** Undefined where no test of the project can tell. */
  readonly permission?: string
  /** The smallest usual role that may. */
  readonly role: string
}

/** What truly needs more than Data Editor and Job User: once at setup, never in the demo. */
export const beyond: readonly Beyond[] = [
  { id: 'project', what: 'make a project', role: 'roles/resourcemanager.projectCreator' },
  {
    id: 'apis',
    what: 'switch APIs on',
    permission: 'serviceusage.services.enable',
    role: 'roles/serviceusage.serviceUsageAdmin',
  },
  {
    id: 'jobGrant',
    what: 'grant Job User on the project',
    permission: 'resourcemanager.projects.setIamPolicy',
    role: 'roles/resourcemanager.projectIamAdmin',
  },
  {
    id: 'dataGrant',
    what: 'change who may use the dataset',
    permission: 'bigquery.datasets.update',
    role: 'roles/bigquery.dataOwner',
  },
]
