import { formatCompact, formatCount, formatMemory } from '../../src/core/format.ts'
import { dollarsOf, formatDollars } from '../../src/engine/cost/price.ts'
import { leftOf } from '../../src/engine/cost/spend.ts'
import { selectLoads, selectWatching } from '../../src/engine/selectors/spend.ts'
import type { State } from '../../src/engine/state.ts'
import { bar } from '../components/bar.ts'
import { cell, emptyLine, ends, gap, inset, type Line, lineWidth, muted, type Span, span } from '../text/line.ts'

/** What a query of this warehouse is written in. */
export const dialectOf = ({ source }: State): string =>
  source?.warehouse.kind === 'bigquery' ? 'GoogleSQL' : 'DuckDB SQL'

/** One row: what the queries of this session billed of its budget, the load jobs of the day, and that watching bills nothing. */
export const meterLine = (state: State, width: number): Line => {
  const room = width - 2
  const asked = muted(` · ${queriesOf(state.spend.asked)}`)
  const raises = isTight(state) ? [span(' · B raises it', 'warn')] : []
  const long = billedOf(state, 'long')
  const short = billedOf(state, 'short')
  const least = billedOf(state, 'least')
  const watching = watchingOf(state, 'long')
  const calls = watchingOf(state, 'short')
  const brief = watchingOf(state, 'least')
  const pairs: readonly (readonly [Line, Line])[] = [
    [
      [...long, asked, ...raises],
      [...loadsOf(state), muted(' · '), ...watching],
    ],
    [[...long, asked, ...raises], watching],
    [[...short, ...raises], watching],
    [[...short, ...raises], calls],
    [[...short, ...raises], brief],
    [[...least, ...raises], brief],
  ]
  const shown = pairs.find(([left, right]) => lineWidth(left) + lineWidth(right) + 3 <= room) ?? [least, brief]
  return inset(ends(shown[0], shown[1], room), width)
}

/** The same with room to read it: budget, watching, load jobs; 6 rows. */
export const meterBlock = (state: State, width: number): readonly Line[] => {
  const { budgetBytes, asked } = state.spend
  const { used, unsure, share, role } = figuresOf(state)
  const head = (name: string): Span => cell(muted(name), 10)
  const raises = isTight(state) ? [span(' · B raises it', 'warn')] : [muted(' · B raises it')]
  const rows: readonly Line[] = [
    ends(
      [head('billed'), span(formatMemory(used), role), muted(` of ${formatMemory(budgetBytes)}`)],
      [muted(formatDollars(dollarsOf(used)))],
      width - 2,
    ),
    bar(share, width - 2),
    [muted(`${formatMemory(leftOf(state.spend))} left · ${queriesOf(asked)}`), ...raises],
    unsure > 0 ? [span(`up to ${formatMemory(unsure)} more by queries that were stopped`, 'warn')] : emptyLine,
    [head('watching'), ...watchingOf(state, 'long').slice(1)],
    [head('loading'), ...loadsOf(state).slice(1), muted(' a day, free')],
  ]
  return rows.map((row) => inset(row, width))
}

const queriesOf = (asked: number): string => `${formatCount(asked)} ${asked === 1 ? 'query' : 'queries'}`

const figuresOf = ({ spend }: State) => {
  const { billedBytes, unsureBytes, watchedBytes, budgetBytes } = spend
  const used = billedBytes + watchedBytes
  const share = budgetBytes > 0 ? Math.min(1, (used + unsureBytes) / budgetBytes) : 0
  return { used, unsure: unsureBytes, share, role: share >= 0.9 ? ('warn' as const) : ('plain' as const) }
}

/** Whether most of the budget is used, so that the way to more is worth a word. */
const isTight = (state: State): boolean => figuresOf(state).share >= 0.75

const barWidths = { long: 10, short: 6, least: 0 } as const

const billedOf = (state: State, size: keyof typeof barWidths): Line => {
  const { used, unsure, share, role } = figuresOf(state)
  const width = barWidths[size]
  return [
    muted('billed '),
    span(formatMemory(used), role),
    muted(` of ${formatMemory(state.spend.budgetBytes)} `),
    ...(width > 0 ? [...bar(share, width), gap(1)] : []),
    muted(formatDollars(dollarsOf(used))),
    ...(unsure > 0 ? [muted(size === 'long' ? ' + up to ' : ' + <= '), span(formatMemory(unsure), 'warn')] : []),
  ]
}

const loadsOf = (state: State): Line => {
  const { used = 0, quota = 0 } = selectLoads(state) ?? {}
  return [muted('load jobs '), span(`~${formatCount(used)}`), muted(` of ${formatCompact(quota)}`)]
}

const noneBilled = { long: '0 queries, 0 B', short: '0 queries', least: '0 B' } as const

const watchingOf = (state: State, size: keyof typeof noneBilled): Line => {
  const { calls, queries, billedBytes } = selectWatching(state)
  const none = queries === 0 && billedBytes === 0
  return [
    muted('watching '),
    ...(size === 'least' ? [] : [muted(`${formatCount(calls)} free calls, `)]),
    none ? muted(noneBilled[size]) : span(`${queriesOf(queries)}, ${formatMemory(billedBytes)}`, 'bad'),
  ]
}
