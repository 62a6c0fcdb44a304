import { z } from 'zod'
import type { SetupStep } from '../../setup.ts'
import { readDataset } from '../rights/dataset-access.ts'
import type { SetupParts } from './parts.ts'

const billingAnswer = z.looseObject({ billingEnabled: z.boolean().default(false) })

const billingMs = 10_000

/** Without billing BigQuery puts this expiry on every dataset. */
const sandboxExpiryMs = 60 * 86_400_000

/** Whether the project has billing: without it tables expire after 60 days. */
export const billingStep = ({ operator: { service } }: SetupParts): SetupStep => ({
  id: 'billing',
  title: 'Billing',
  after: 'apis',
  look: async (options) => {
    const { project } = service.place
    const asked = await service.ask(
      {
        method: 'GET',
        api: 'cloudbilling',
        path: `/v1/projects/${encodeURIComponent(project)}/billingInfo`,
        shape: billingAnswer,
        doing: `look at the billing of ${project}`,
      },
      { ...options, deadlineMs: billingMs },
      // it needs an API and a right of its own, and nothing here depends on them
      () => true,
    )
    if ('value' in asked && asked.value.billingEnabled) return { detail: 'on' }
    const dataset = 'value' in asked ? undefined : await readDataset(service, options)
    const expires =
      dataset !== undefined && 'value' in dataset && dataset.value.defaultTableExpirationMs === sandboxExpiryMs
    if (!('value' in asked) && !expires)
      return {
        detail:
          asked.failure.status >= 400 && asked.failure.status < 500
            ? 'not known: the operator may not look, and nothing here needs it'
            : 'not known: it was not told, and nothing here needs it',
      }
    return {
      detail: `${'value' in asked ? 'none' : 'none, it seems'}: tables expire after 60 days, 10 GB of them and 1 TB of queries a month at most`,
      next: [`gcloud billing projects link ${project} --billing-account=ACCOUNT`],
    }
  },
})
