import { z } from 'zod'
import { needOnTable, tableOf } from './allow.ts'
import { invalid } from './problem.ts'
import { type Handler, ok } from './world.ts'

/** The grants on a table alone; what holds for its dataset and the project is not among them. */
export const getTablePolicy: Handler = (call) => {
  needOnTable(call, 'bigquery.tables.getIamPolicy', call.params['dataset'] ?? '', call.params['table'] ?? '')
  const { bindings } = tableOf(call)
  return ok({ version: 1, etag: 'ACAB', ...(bindings.length === 0 ? {} : { bindings }) })
}

const policySchema = z.object({
  policy: z.object({ bindings: z.array(z.object({ role: z.string(), members: z.array(z.string()) })).default([]) }),
})

/** Replaces the grants on a table alone. */
export const setTablePolicy: Handler = (call) => {
  needOnTable(call, 'bigquery.tables.setIamPolicy', call.params['dataset'] ?? '', call.params['table'] ?? '')
  const body = policySchema.safeParse(call.body)
  if (!body.success) throw invalid('Required field: policy')
  const table = tableOf(call)
  table.bindings = body.data.policy.bindings
  return ok({ version: 1, etag: 'ACAB', bindings: table.bindings })
}
