import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, exitCodes } from '../core/errors.ts'
import { formatCount } from '../core/format.ts'
import { tables } from '../core/tables.ts'
import { askYes } from './ask.ts'
import { takeLock } from './lock.ts'
import { openWarehouseOf } from './open-ports.ts'
import { configOf } from './options.ts'
import type { Call, Verb } from './verb.ts'

const needsYes = (label: string, rows: number): AppError =>
  new AppError({
    what: `Nothing was reset: ${label} holds ${formatCount(rows)} rows.`,
    why: 'Without a terminal nobody can be asked.',
    next: ['Add --yes to empty its tables.'],
    kind: 'usage',
  })

const reset = async (call: Call, { yes }: { readonly yes?: boolean }): Promise<number> => {
  const { context, stateDir } = call
  const { signal } = context
  const config = configOf(call, context.env)
  const release = takeLock(stateDir, { command: 'bbq reset', now: context.now() })
  try {
    const warehouse = await openWarehouseOf(config, call)
    try {
      await warehouse.confirm(tables, { signal, deadlineMs: 30_000 })
      const status = await warehouse.status({ signal, deadlineMs: 30_000 })
      const rows = status.reduce((sum, table) => sum + table.rows + table.strays, 0)
      if (yes !== true) {
        if (context.stdin.isTTY !== true) throw needsYes(warehouse.label, rows)
        if (!(await askYes(context, `Empty the tables of ${warehouse.label} (${formatCount(rows)} rows)?`))) {
          call.say('Nothing was changed.')
          return exitCodes.refused
        }
      }
      const { epoch } = await warehouse.reset({ signal, deadlineMs: 90_000 })
      await rm(join(stateDir, 'runs.json'), { force: true })
      if (call.json) call.print(JSON.stringify({ epoch, emptied: status.map((table) => table.table) }))
      else
        call.print(
          `${warehouse.label} is empty; its new generation is ${epoch}. The next run of a stage reads from the first byte.`,
        )
      return 0
    } finally {
      await warehouse.close()
    }
  } finally {
    release()
  }
}

/** `bbq reset`: empties the tables and starts a new generation. */
export const resetVerb: Verb = (program, act) => {
  program
    .command('reset')
    .description('empties the tables and starts a new generation of the dataset')
    .option('--yes', 'do not ask')
    .action(act(reset))
}
