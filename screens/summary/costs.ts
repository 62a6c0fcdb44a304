import { formatBytes, formatCount, formatMemory } from '../../src/core/format.ts'
import { formatDollars } from '../../src/engine/cost/price.ts'
import { leastAMonth, selectCosts } from '../../src/engine/selectors/spend.ts'
import type { State } from '../../src/engine/state.ts'
import { cell, type Line, muted, span } from '../text/line.ts'

const head = (name: string) => cell(muted(name), 12)

/** What is stored, and what that and the queries bill; for files on this machine what BigQuery would. */
export const costLines = (state: State): readonly Line[] => {
  const { storedBytes, storageDollars, billed } = selectCosts(state)
  if (billed === undefined)
    return [
      [
        head('warehouse'),
        span(formatBytes(storedBytes)),
        muted(` here, bills nothing; in BigQuery ${leastAMonth(storageDollars)}`),
      ],
    ]
  const { bytes, unsureBytes, budgetBytes, dollars, watchedBytes, loads } = billed
  return [
    [
      head('warehouse'),
      span(formatBytes(storedBytes)),
      muted(` stored, ${formatDollars(storageDollars)} a month; load jobs today `),
      span(`~${formatCount(loads.used)}`),
      muted(` of ${formatCount(loads.quota)}`),
    ],
    [
      head('billed'),
      span(formatMemory(bytes)),
      muted(` of ${formatMemory(budgetBytes)} by queries, ${formatDollars(dollars)}`),
      ...(unsureBytes > 0 ? [muted(' + up to '), span(formatMemory(unsureBytes), 'warn')] : []),
      muted('; '),
      span(formatMemory(watchedBytes), watchedBytes > 0 ? 'bad' : 'plain'),
      muted(' by watching'),
    ],
  ]
}
