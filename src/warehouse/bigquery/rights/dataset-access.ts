import { z } from 'zod'
import type { CallOptions } from '../../warehouse.ts'
import type { Failure } from '../failure.ts'
import type { Service } from '../service.ts'
import { datasetAnswer } from '../wire.ts'

const entry = z.looseObject({
  role: z.string().optional(),
  userByEmail: z.string().optional(),
  iamMember: z.string().optional(),
  condition: z.unknown().optional(),
})

/** Entries with a condition come, and stay when the list is written, only in this version. */
export const everyVersion = { accessPolicyVersion: '3' } as const

export const accessAnswer = datasetAnswer.extend({
  etag: z.string().optional(),
  /** Absent where the account may not see it, or the server has none: it is not empty then. */
  access: z.array(entry).optional(),
  defaultTableExpirationMs: z.coerce.number().optional().catch(undefined),
  defaultPartitionExpirationMs: z.coerce.number().optional().catch(undefined),
})

export type DatasetAccess = z.infer<typeof accessAnswer>

/** The dataset with its access list; the failure where it is missing or may not be seen. */
export const readDataset = (
  service: Service,
  options: CallOptions,
): Promise<{ readonly value: DatasetAccess } | { readonly failure: Failure }> =>
  service.ask(
    {
      method: 'GET',
      path: service.datasetPath(),
      query: everyVersion,
      shape: accessAnswer,
      doing: `look at the dataset ${service.place.dataset}`,
    },
    options,
    ({ status, reason, message }) =>
      (status === 404 && !/^not found: project/i.test(message)) || (status === 403 && reason === 'accessDenied'),
  )

/** Roles as the access list spells them, by what they hold. */
const writers: readonly string[] = ['WRITER', 'OWNER', 'roles/bigquery.dataEditor', 'roles/bigquery.dataOwner']
const owners: readonly string[] = ['OWNER', 'roles/bigquery.dataOwner']

const holds = ({ access = [] }: DatasetAccess, email: string, roles: readonly string[]): boolean =>
  access.some(
    ({ role = '', userByEmail, iamMember, condition }) =>
      roles.includes(role) &&
      condition === undefined &&
      [userByEmail, iamMember?.slice(iamMember.indexOf(':') + 1)].some(
        (one) => one?.toLowerCase() === email.toLowerCase(),
      ),
  )

/** True where the access list itself names the account as one that may write. */
export const maySee = {
  write: (dataset: DatasetAccess, email: string): boolean => holds(dataset, email, writers),
  own: (dataset: DatasetAccess, email: string): boolean => holds(dataset, email, owners),
}
