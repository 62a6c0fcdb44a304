import type { Config } from '../config/config.ts'
import { AppError, exitCodes } from '../core/errors.ts'
import { formatCount } from '../core/format.ts'
import { jsonText } from '../core/json.ts'
import { tables } from '../core/tables.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import { askYes } from './ask.ts'
import { takeLock } from './lock.ts'
import { openWarehouseOf } from './open-ports.ts'
import { configOf } from './options.ts'
import { textTable } from './text-table.ts'
import type { Call } from './verb.ts'

const deadlineMs = 60_000
const resetMs = 180_000

export interface ConfirmWish {
  readonly reset?: boolean
  readonly yes?: boolean
}

const nameOf = (config: Config, table: string): string => (table === 'log_results' ? config.bigquery.table_name : table)

const agreed = async ({ context }: Call, label: string, rows: number, yes: boolean): Promise<boolean> => {
  if (yes) return true
  if (context.stdin.isTTY !== true)
    throw new AppError({
      what: `Nothing was emptied: ${label} holds ${formatCount(rows)} rows.`,
      why: 'Without a terminal nobody can be asked.',
      next: ['Add --yes to empty its tables.'],
      kind: 'refused',
    })
  return askYes(context, `Empty the tables of ${label} (${formatCount(rows)} rows)?`)
}

const whatWasDone = ({ made, added }: { readonly made: boolean; readonly added: readonly string[] }): string =>
  made ? 'made just now' : added.length > 0 ? `got ${added.join(', ')}` : 'as it must be'

const look = async (call: Call, config: Config, warehouse: Warehouse, { reset, yes }: ConfirmWish): Promise<number> => {
  const { signal } = call.context
  const { label } = warehouse.about
  let { epoch, created, added = [] } = await warehouse.confirm(tables, { signal, deadlineMs })
  const before = await warehouse.status({ signal, deadlineMs })
  if (reset === true) {
    const rows = before.reduce((sum, table) => sum + table.rows + table.strays, 0)
    if (!(await agreed(call, label, rows, yes === true))) {
      call.say('Nothing was emptied.')
      return exitCodes.refused
    }
    const emptied = await warehouse.reset({ signal, deadlineMs: resetMs })
    epoch = emptied.epoch
    for (const notice of emptied.notices ?? []) call.say(notice)
  }
  const status = reset === true ? await warehouse.status({ signal, deadlineMs }) : before
  const seen = status.map(({ table, rows, strays }) => {
    const name = nameOf(config, table)
    const columns = added.find((one) => one.table === name)?.columns ?? []
    return { table: name, made: created.includes(name), added: columns, rows, strays }
  })
  if (call.json) call.print(jsonText({ warehouse: label, epoch, created, reset: reset === true, tables: seen }, 2))
  else {
    call.print(
      textTable(
        [{ title: 'table' }, { title: 'what' }, { title: 'rows', right: true }],
        seen.map((one) => [one.table, whatWasDone(one), formatCount(one.rows)]),
      ),
    )
    call.say(`${label}, generation ${epoch}${reset === true ? ', emptied just now' : ''}.`)
  }
  const strays = seen.reduce((sum, table) => sum + table.strays, 0)
  if (strays > 0) call.say(`${formatCount(strays)} rows are of another generation: bbq tables confirm --reset`)
  return 0
}

const resetCommand = 'bbq tables confirm --reset'

/** `bbq tables confirm`: makes dataset and tables right, and empties them when that is asked for. */
export const confirm = async (call: Call, wish: ConfirmWish): Promise<number> => {
  const config = configOf(call, call.context.env)
  // a run that goes on would load into what is emptied
  const release =
    wish.reset === true ? takeLock(call.stateDir, { command: resetCommand, now: call.context.now() }) : undefined
  try {
    const warehouse = await openWarehouseOf(config, call, wish.reset === true ? resetCommand : undefined)
    try {
      return await look(call, config, warehouse, wish)
    } finally {
      await warehouse.close()
    }
  } finally {
    release?.()
  }
}
