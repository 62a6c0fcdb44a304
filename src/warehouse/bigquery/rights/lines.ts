import type { Place } from '../place.ts'
import type { Identity } from './desk.ts'
import { type RoleName, roleNames } from './wanted.ts'

/** The account as policies name it. */
const memberOf = ({ email }: Identity): string =>
  email === undefined
    ? 'user:YOUR-ADDRESS'
    : `${email.endsWith('.gserviceaccount.com') ? 'serviceAccount' : 'user'}:${email}`

/** The command line that grants a role where the demo needs it: Job User on the project, Data Editor on the dataset. */
export const grantLine = (role: RoleName, place: Place, identity: Identity): string => {
  const { project, dataset, location } = place
  const { iam } = roleNames[role]
  const member = memberOf(identity)
  return role === 'jobUser'
    ? `gcloud projects add-iam-policy-binding ${project} --member=${member} --role=${iam} --condition=None`
    : `bq query --project_id=${project} --location=${location} --use_legacy_sql=false 'GRANT \`${iam}\` ON SCHEMA \`${project}.${dataset}\` TO "${member}"'`
}
