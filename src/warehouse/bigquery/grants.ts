import { z } from 'zod'
import type { CallOptions } from '../warehouse.ts'
import type { Service } from './service.ts'

const policyAnswer = z.looseObject({
  bindings: z.array(z.looseObject({ role: z.string(), members: z.array(z.string()).default([]) })).default([]),
})

/** Who may do what on a table by grants on this table alone. */
export type Grants = z.infer<typeof policyAnswer>['bindings']

const ask = (
  service: Service,
  name: string,
  verb: 'getIamPolicy' | 'setIamPolicy',
  body: object,
  options: CallOptions,
) =>
  service.ask(
    {
      method: 'POST',
      path: service.datasetPath(`/tables/${encodeURIComponent(name)}:${verb}`),
      body,
      shape: policyAnswer,
      doing: `look at the grants of ${name}`,
    },
    options,
    () => true,
  )

/** The grants on a table alone, which end with it; none where they may not be seen. */
export const grantsOf = async (service: Service, name: string, options: CallOptions): Promise<Grants> => {
  const answer = await ask(service, name, 'getIamPolicy', { options: { requestedPolicyVersion: 3 } }, options)
  return 'value' in answer ? answer.value.bindings : []
}

/** Gives them to a table that was made again; tells those that could not be given. */
export const giveBack = async (
  service: Service,
  name: string,
  grants: Grants,
  options: CallOptions,
): Promise<readonly string[]> => {
  if (grants.length === 0) return []
  const answer = await ask(service, name, 'setIamPolicy', { policy: { version: 3, bindings: grants } }, options)
  if ('value' in answer) return []
  const { project, dataset } = service.place
  const lines = grants.flatMap(({ role, members }) =>
    members.map((one) => `bq add-iam-policy-binding --member=${one} --role=${role} ${project}:${dataset}.${name}`),
  )
  return [
    `Grants on the table ${name} alone went with it, and this account may not give them again: ${lines.join('; ')}`,
  ]
}
