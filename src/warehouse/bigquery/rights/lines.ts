import type { Place } from '../place.ts'
import type { Identity } from './desk.ts'
import { type RoleName, roleNames } from './wanted.ts'

/** An account as policies name it; only the key of a service account tells its address. */
export const memberOf = (email: string | undefined): string =>
  email === undefined ? 'user:YOUR-ADDRESS' : `serviceAccount:${email}`

/** The command line that grants a role on the project or on the dataset. */
export const grantLine = (role: RoleName, on: 'project' | 'dataset', place: Place, { email }: Identity): string => {
  const { project, dataset, location } = place
  const { iam } = roleNames[role]
  const member = memberOf(email)
  return on === 'project'
    ? `gcloud projects add-iam-policy-binding ${project} --member=${member} --role=${iam} --condition=None`
    : `bq query --project_id=${project} --location=${location} --use_legacy_sql=false 'GRANT \`${iam}\` ON SCHEMA \`${project}.${dataset}\` TO "${member}"'`
}
