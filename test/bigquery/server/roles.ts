const viewer = [
  'bigquery.config.get',
  'bigquery.datasets.get',
  'bigquery.datasets.getIamPolicy',
  'bigquery.tables.export',
  'bigquery.tables.get',
  'bigquery.tables.getData',
  'bigquery.tables.getIamPolicy',
  'bigquery.tables.list',
  'resourcemanager.projects.get',
]

const editor = [
  ...viewer,
  'bigquery.datasets.create',
  'bigquery.tables.create',
  'bigquery.tables.delete',
  'bigquery.tables.update',
  'bigquery.tables.updateData',
]

const owner = [
  ...editor,
  'bigquery.datasets.delete',
  'bigquery.datasets.setIamPolicy',
  'bigquery.datasets.update',
  'bigquery.tables.setIamPolicy',
]

const jobUser = ['bigquery.config.get', 'bigquery.jobs.create', 'resourcemanager.projects.get']

/** Permissions of the roles that matter here; the documentation lists more in each. */
const roles: Readonly<Record<string, readonly string[]>> = {
  'roles/bigquery.dataViewer': viewer,
  'roles/bigquery.dataEditor': editor,
  'roles/bigquery.dataOwner': owner,
  'roles/bigquery.jobUser': jobUser,
  'roles/bigquery.user': [...jobUser, 'bigquery.datasets.create', 'bigquery.datasets.get', 'bigquery.tables.list'],
  'roles/bigquery.admin': [...owner, ...jobUser, 'bigquery.jobs.get', 'bigquery.jobs.list', 'bigquery.jobs.update'],
  'roles/resourcemanager.projectIamAdmin': [
    'resourcemanager.projects.get',
    'resourcemanager.projects.getIamPolicy',
    'resourcemanager.projects.setIamPolicy',
  ],
  'roles/serviceusage.serviceUsageAdmin': ['serviceusage.services.get', 'serviceusage.services.enable'],
  'roles/resourcemanager.projectCreator': ['resourcemanager.projects.create'],
  'roles/owner': [
    ...owner,
    ...jobUser,
    'bigquery.jobs.get',
    'bigquery.jobs.list',
    'bigquery.jobs.update',
    'resourcemanager.projects.getIamPolicy',
    'resourcemanager.projects.setIamPolicy',
    'serviceusage.services.get',
    'serviceusage.services.enable',
  ],
}

/** What a role, or a permission named itself, allows. */
export const permissionsOf = (name: string): readonly string[] => roles[name] ?? (name.includes('/') ? [] : [name])

const legacyNames: Readonly<Record<string, string>> = {
  'roles/bigquery.dataViewer': 'READER',
  'roles/bigquery.dataEditor': 'WRITER',
  'roles/bigquery.dataOwner': 'OWNER',
}

/** The form in which a dataset's access list gives a role back. */
export const legacyRole = (role: string): string => legacyNames[role] ?? role

/** The IAM role behind READER, WRITER and OWNER. */
export const iamRole = (role: string): string =>
  Object.entries(legacyNames).find(([, legacy]) => legacy === role)?.[0] ?? role
