import type { WarehouseSetup } from '../../setup.ts'
import { type DeskOptions, openDesk } from '../rights/desk.ts'
import { accountStep } from './account.ts'
import { apisStep } from './apis.ts'
import { billingStep } from './billing.ts'
import { datasetStep } from './dataset.ts'
import type { SetupParts } from './parts.ts'
import { projectStep } from './project.ts'
import { operatorStep, uploaderStep } from './rights.ts'

export interface BigquerySetupOptions
  extends Omit<DeskOptions, 'role' | 'credentialsPath'>,
    Omit<SetupParts, 'operator' | 'uploader'> {
  /** Key file of the operator; need not exist. */
  readonly credentialsPath: string
  /** Key file that nodes get. */
  readonly uploaderPath: string
}

const steps = [accountStep, projectStep, apisStep, billingStep, operatorStep, datasetStep, uploaderStep] as const

/** Everything that BigQuery needs before a demo; nothing is read or asked before the first look. */
export const openBigquerySetup = (options: BigquerySetupOptions): WarehouseSetup => {
  const operator = openDesk({ ...options, role: 'operator' })
  const uploader = openDesk({ ...options, role: 'uploader', credentialsPath: options.uploaderPath })
  const parts: SetupParts = { ...options, operator, uploader }
  return {
    steps: steps.map((step) => step(parts)),
    close: () => {
      operator.close()
      uploader.close()
    },
  }
}
