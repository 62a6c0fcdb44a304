import { formatBytes, formatCompact, formatCount, formatShare, formatTimes } from '../../src/core/format.ts'
import type { LoadMeter } from '../../src/engine/selectors/spend.ts'
import { bar } from '../components/bar.ts'
import { sparkline } from '../components/sparkline.ts'
import { cell, ends, gap, inset, type Line, muted, type Span, span, strong } from '../text/line.ts'

/** What arrived and what was sent for it. */
export interface StripFigures {
  readonly table: string
  readonly rows: number
  /** A second kind of rows that the stage writes. */
  readonly emergencies?: number | undefined
  /** Lines that the rows stand for, once windows replace lines. */
  readonly insteadOf?: number | undefined
  /** Rows a second between polls, oldest first. */
  readonly rates: readonly (number | undefined)[]
  readonly sentBytes: number
  readonly readBytes: number
  /** Whether rows are still on their way; else the fastest second is told. */
  readonly running: boolean
  readonly nodesDone: number
  readonly nodes: number
  /** Bytes that watching has billed. */
  readonly billedBytes: number
  /** Load jobs of the day, while the stage is kept running into BigQuery. */
  readonly loads?: LoadMeter | undefined
}

/** Two rows that stand in the same place on every stage: what arrived, and what was sent as a share of what was read. */
export const strip = (figures: StripFigures, width: number): readonly Line[] => {
  const wide = width >= 100
  return [inset(rowsLine(figures, width - 2, wide), width), inset(sentLine(figures, width - 2, wide), width)]
}

const rowsLine = (figures: StripFigures, width: number, wide: boolean): Line => {
  const { table, rows, emergencies, insteadOf, rates } = figures
  const nodes = muted(`${figures.nodesDone} of ${figures.nodes}${wide ? ' nodes' : ''}`)
  const billed = billedBy(figures, wide)
  const right: Line = [nodes, gap(3), billed]
  const name = cell(span(table), 14)
  if (emergencies !== undefined) {
    const text: readonly Span[] = [
      name,
      cell(strong(formatCount(rows)), 7, 'right'),
      muted(' windows + '),
      strong(formatCount(emergencies)),
      muted(' emergencies'),
      muted(
        insteadOf === undefined || insteadOf === 0
          ? ''
          : ` ${wide ? 'instead of' : 'for'} ${formatCount(insteadOf)} lines`,
      ),
    ]
    return ends(text, wide ? right : [nodes], width)
  }
  const rate = figures.running
    ? (rates.findLast((one) => one !== undefined) ?? 0)
    : Math.max(0, ...rates.map((one) => one ?? 0))
  const still = !figures.running && rate === 0
  const speed = muted(still ? '' : `${figures.running ? '' : 'max '}${formatCompact(rate)} rows/s`)
  const left = [
    name,
    cell(strong(formatCount(rows)), 9, 'right'),
    muted(' rows  '),
    sparkline(rates, { width: wide ? 24 : 7 }),
    gap(2),
    speed,
  ]
  return ends(left, right, width)
}

const billedBy = ({ billedBytes }: StripFigures, wide: boolean): Span =>
  muted(`${formatBytes(billedBytes)} billed${wide ? ' by watching' : ''}`)

const sentLine = (figures: StripFigures, width: number, wide: boolean): Line => {
  const { sentBytes, readBytes } = figures
  const share = readBytes > 0 ? sentBytes / readBytes : 0
  const times = formatTimes(readBytes, sentBytes)
  const left: Line = [
    cell(muted('sent'), 14),
    cell(sentBytes > 0 ? strong(formatBytes(sentBytes)) : span(formatBytes(sentBytes)), 9, 'right'),
    muted(` of ${formatBytes(readBytes)} read `.padEnd(18)),
    ...bar(share, barWidth(figures, wide)),
    gap(2),
    muted(formatShare(sentBytes, readBytes)),
  ]
  if (figures.loads !== undefined) return ends(left, loadsLine(figures.loads, wide), width)
  if (!wide) return ends(left, figures.emergencies === undefined ? [] : [billedBy(figures, wide)], width)
  return ends(left, sentBytes > 0 ? [muted(`${times} times less than was read`)] : [], width)
}

const barWidth = ({ loads, emergencies }: StripFigures, wide: boolean): number => {
  if (loads !== undefined) return wide ? 16 : 6
  // two kinds of rows leave no room for what was billed in their own row
  return wide ? 40 : emergencies === undefined ? 20 : 12
}

const loadsLine = ({ used, planned, quota }: LoadMeter, wide: boolean): Line => {
  const whole = muted(` of ${wide ? formatCount(quota) : formatCompact(quota)}`)
  const pace =
    planned > quota / 2 ? span(`~${formatCompact(planned)}/d`, 'warn') : muted(`~${formatCompact(planned)}/d`)
  return wide
    ? [muted('load jobs today '), span(`~${formatCount(used)}`), whole, muted(', at this pace '), pace]
    : [muted('loads '), span(`~${formatCompact(used)}`), whole]
}
