import { positive } from './query.ts'
import type { Verb } from './verb.ts'

/** `bbq tables`: makes the tables right, and shows rows of them. */
export const tablesVerb: Verb = (program, act) => {
  const tables = program.command('tables').description('the tables of the warehouse')
  tables
    .command('confirm')
    .description('makes what is missing, adds missing columns, tells what differs otherwise; drops nothing')
    .option('--reset', 'then empty the tables and start a new generation')
    .option('--yes', 'do not ask before --reset')
    .action(
      act(async (call, wish: { readonly reset?: boolean; readonly yes?: boolean }) =>
        (await import('./tables-confirm.ts')).confirm(call, wish),
      ),
    )
  tables
    .command('sample')
    .description('the newest rows of a table, or of each; runs no query and bills nothing')
    .argument('[table]', 'raw_logs, log_results, log_aggregates or emergency_logs')
    .option('--limit <rows>', 'rows of a table at most', positive, 5)
    .action(
      act(async (call, table: string | undefined, wish: { readonly limit: number }) =>
        (await import('./tables-sample.ts')).sample(call, table, wish),
      ),
    )
}
