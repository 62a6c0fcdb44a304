import type { Config } from '../config/config.ts'
import { AppError } from '../core/errors.ts'
import { formatCount } from '../core/format.ts'
import type { Repair, SetupStep, WarehouseSetup } from '../warehouse/setup.ts'
import type { TableStatus } from '../warehouse/warehouse.ts'
import type { DoctorCheck } from './doctor-check.ts'
import { openWarehouseOf } from './open-ports.ts'
import { openSetupOf } from './setup-port.ts'
import type { Call } from './verb.ts'

const callMs = 30_000

/** The problem with the command that mends it. */
export const withRepair = (problem: AppError, repair: Repair | undefined): AppError => {
  if (repair === undefined) return problem
  const { what, why, next, kind, cause } = problem
  return new AppError({
    what,
    next: [...next, `Or let bbq do it: ${repair.command}`],
    kind,
    cause,
    ...(why === undefined ? {} : { why }),
  })
}

const checkOf = (step: SetupStep, signal: AbortSignal): DoctorCheck => ({
  id: step.id,
  title: step.title,
  after: step.after ?? 'config',
  run: async () => {
    const seen = await step.look({ signal, deadlineMs: callMs })
    if ('problem' in seen) throw withRepair(seen.problem, seen.repair)
    const { detail, next } = seen
    return next === undefined ? detail : { detail, next }
  },
})

/** The rows of all tables in words; rows of another generation are an AppError. */
export const describeStatus = (status: readonly TableStatus[]): string => {
  const stray = status.find((table) => table.strays > 0)
  if (stray !== undefined)
    throw new AppError({
      what: `${stray.table} holds ${formatCount(stray.strays)} rows of another generation.`,
      next: ['bbq reset empties the tables.'],
    })
  return `${formatCount(status.reduce((sum, table) => sum + table.rows, 0))} rows`
}

/** What BigQuery needs, from the account on this machine to the rows in the tables; looks and makes nothing. */
export const bigqueryChecks = async (
  call: Call,
  config: Config,
): Promise<{ readonly checks: readonly DoctorCheck[]; readonly close: WarehouseSetup['close'] }> => {
  const { signal } = call.context
  const { steps, close } = await openSetupOf(config, call.context)
  const rows = async (): Promise<string> => {
    const warehouse = await openWarehouseOf(config, call)
    try {
      return `${warehouse.about.label}, ${describeStatus(await warehouse.status({ signal, deadlineMs: callMs }))}`
    } finally {
      await warehouse.close()
    }
  }
  return {
    checks: [
      ...steps.map((step) => checkOf(step, signal)),
      { id: 'warehouse', title: 'Warehouse', after: steps.length > 0 ? 'dataset' : 'config', run: rows },
    ],
    close,
  }
}
