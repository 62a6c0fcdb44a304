import { formatClock, formatElapsed } from '../../src/core/format.ts'
import { bold, ends, gap, inset, type Line, muted, type Span, span, strong, wrapText } from '../text/line.ts'
import { spinner } from './glyphs.ts'

/** How long nothing was heard, and when it is tried again: in words, and for narrow screens. */
export interface Lost {
  readonly full: string
  readonly brief: string
}

export interface HeadlineOptions {
  readonly width: number
  /** What the audience should take away. */
  readonly title: string
  /** A muted word beside the title. */
  readonly detail?: string | undefined
  /** Why, muted, in at most two rows; left out where there is none. */
  readonly why?: string | undefined
  /** Where the data come from: SIMULATED, or the cluster's address. */
  readonly source: string
  readonly simulated: boolean
  /** What is going on: `job j-7f31c2 · 0:04`. */
  readonly activity?: string | undefined
  /** Milliseconds that something has been going on for; shows a spinner. */
  readonly busyMs?: number | undefined
  /** Milliseconds since the demo began. */
  readonly clockMs: number
  readonly paused: boolean
  /** Age and countdown while the connection is lost. */
  readonly lost?: Lost | undefined
}

/** The bold sentence with source and clock on the right, and the muted reason below. */
export const headline = (options: HeadlineOptions): readonly Line[] => {
  const { width, title, detail, why } = options
  const left: Line = detail === undefined ? [strong(title)] : [strong(title), gap(2), muted(detail)]
  const first = inset(ends(left, rightOf(options), width - 2), width)
  return why === undefined
    ? [first]
    : [
        first,
        ...wrapText(why, width - 2)
          .slice(0, 2)
          .map((row) => inset([muted(row)], width)),
      ]
}

const rightOf = (options: HeadlineOptions): Line => {
  const { width, source, simulated, activity, clockMs, paused, lost } = options
  const parts: Span[] = []
  const wide = width >= 100
  // the sentence for the audience goes before what the job is doing
  const told = lost !== undefined && width < 160 ? undefined : activity
  if (paused) parts.push({ text: ' PAUSED ', role: 'plain', bold: true, back: 'accent' }, gap(2))
  if (lost !== undefined) parts.push(bold(wide ? lost.full : lost.brief, 'bad'), gap(2))
  if (options.busyMs !== undefined && (!wide || told === undefined))
    parts.push(spinner(options.busyMs), muted(` ${formatElapsed(options.busyMs)}`), gap(2))
  if (source !== '') parts.push(simulated ? bold(source, 'warn') : muted(source))
  if (told !== undefined && told !== '' && wide) {
    parts.push(gap(3))
    if (options.busyMs !== undefined) parts.push(spinner(options.busyMs), gap(1))
    parts.push(muted(told), muted(' · '))
  } else parts.push(gap(2))
  if (wide || lost === undefined) parts.push(span(formatClock(clockMs), wide ? 'plain' : 'muted'))
  return parts
}
