import { AppError, exitCodes } from '../core/errors.ts'
import { formatCount } from '../core/format.ts'
import { jsonText } from '../core/json.ts'
import { askYes } from './ask.ts'
import type { Call, Verb } from './verb.ts'

const needsYes = (label: string, rows: number): AppError =>
  new AppError({
    what: `Nothing was reset: ${label} holds ${formatCount(rows)} rows.`,
    why: 'Without a terminal nobody can be asked.',
    next: ['Add --yes to empty its tables.'],
    kind: 'refused',
  })

const reset = async (call: Call, { yes }: { readonly yes?: boolean }): Promise<number> => {
  const { context } = call
  const { withEngine } = await import('./open-engine.ts')
  return withEngine(call, { command: 'bbq reset', live: false }, async ({ commands, store }) => {
    await commands.resume({ live: false })
    await commands.refresh()
    const { source, tables } = store.getState()
    const label = source?.warehouse.label ?? 'the warehouse'
    const views = Object.values(tables.byName)
    const rows = views.reduce((sum, table) => sum + table.rows + table.strays, 0)
    if (yes !== true) {
      if (context.stdin.isTTY !== true) throw needsYes(label, rows)
      if (!(await askYes(context, `Empty the tables of ${label} (${formatCount(rows)} rows)?`))) {
        call.say('Nothing was changed.')
        return exitCodes.refused
      }
    }
    const { epoch, notices = [] } = await commands.reset()
    for (const notice of notices) call.say(notice)
    if (call.json) call.print(jsonText({ epoch, emptied: views.map((table) => table.name) }))
    else
      call.print(
        `${label} is empty; its new generation is ${epoch}. The next run of a stage reads from the first byte.`,
      )
    return 0
  })
}

/** `bbq reset`: empties the tables and starts a new generation. */
export const resetVerb: Verb = (program, act) => {
  program
    .command('reset')
    .description('empties the tables and starts a new generation of the dataset')
    .option('--yes', 'do not ask')
    .action(act(reset))
}
