import { formatCompact, formatCount, formatMemory } from '../../src/core/format.ts'
import { dollarsOf, formatDollars } from '../../src/engine/cost/price.ts'
import { selectWatching } from '../../src/engine/selectors/spend.ts'
import type { State } from '../../src/engine/state.ts'
import { bar } from '../components/bar.ts'
import { ends, gap, inset, type Line, muted, span } from '../text/line.ts'

/** What a query of this warehouse is written in. */
export const dialectOf = ({ source }: State): string =>
  source?.warehouse.kind === 'bigquery' ? 'GoogleSQL' : 'DuckDB SQL'

/** One row: what the queries of this session billed of its budget, and that watching bills nothing. */
export const meterLine = (state: State, width: number): Line => {
  const { billedBytes, unsureBytes, watchedBytes, budgetBytes, asked } = state.spend
  const wide = width >= 100
  const used = billedBytes + watchedBytes
  const share = budgetBytes > 0 ? (used + unsureBytes) / budgetBytes : 0
  const left: Line = [
    muted('billed '),
    span(formatMemory(used), share >= 0.9 ? 'warn' : 'plain'),
    muted(` of ${formatMemory(budgetBytes)} `),
    ...(wide || unsureBytes === 0 ? bar(Math.min(1, share), wide ? 12 : 6) : []),
    muted(` ${formatDollars(dollarsOf(used))}`),
    ...(unsureBytes > 0 ? [muted(wide ? ' + up to ' : ' + <= '), span(formatMemory(unsureBytes), 'warn')] : []),
    ...(wide ? [muted(` · ${formatCount(asked)} ${asked === 1 ? 'query' : 'queries'} asked · B raises it`)] : []),
  ]
  return inset(ends(left, watchingLine(state, wide), width - 2), width)
}

const watchingLine = (state: State, wide: boolean): Line => {
  const { calls, queries, billedBytes } = selectWatching(state)
  const free = wide ? formatCount(calls) : formatCompact(calls)
  const cost = queries === 0 && billedBytes === 0
  return [
    muted(`watching: ${free} free calls, `),
    span(`${formatCount(queries)} queries`, cost ? 'muted' : 'bad'),
    ...(wide ? [gap(1), muted(`= ${formatMemory(billedBytes)} billed`)] : []),
  ]
}
