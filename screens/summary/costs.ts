import { formatBytes, formatCount, formatMemory } from '../../src/core/format.ts'
import { dollarsOf, formatDollars } from '../../src/engine/cost/price.ts'
import { selectLoads, selectWatching } from '../../src/engine/selectors/spend.ts'
import { storageDollarsOf } from '../../src/engine/selectors/summary.ts'
import type { State } from '../../src/engine/state.ts'
import { cell, type Line, muted, span } from '../text/line.ts'

/** What is stored, and what that and the queries bill; for files on this machine what BigQuery would. */
export const costLines = (state: State, storedBytes: number): readonly Line[] => {
  const month = formatDollars(storageDollarsOf(storedBytes))
  const head = (name: string) => cell(muted(name), 11)
  const loads = selectLoads(state)
  if (loads === undefined)
    return [
      [
        head('warehouse'),
        span(formatBytes(storedBytes)),
        muted(` here, bills nothing; in BigQuery from ${month} a month`),
      ],
    ]
  const { billedBytes, unsureBytes, budgetBytes } = state.spend
  const watching = selectWatching(state)
  return [
    [
      head('warehouse'),
      span(formatBytes(storedBytes)),
      muted(` stored, ${month} a month; load jobs today `),
      span(`~${formatCount(loads.used)}`),
      muted(` of ${formatCount(loads.quota)}`),
    ],
    [
      head('billed'),
      span(formatMemory(billedBytes)),
      muted(` of ${formatMemory(budgetBytes)} by queries, ${formatDollars(dollarsOf(billedBytes))}`),
      ...(unsureBytes > 0 ? [muted(' + up to '), span(formatMemory(unsureBytes), 'warn')] : []),
      muted('; '),
      span(formatMemory(watching.billedBytes), watching.billedBytes > 0 ? 'bad' : 'plain'),
      muted(' by watching'),
    ],
  ]
}
