import type { BeforeAfter, Segment, SegmentTone } from '../../src/core/stage.ts'
import { clean } from '../text/clean.ts'
import { inset, type Line, muted, type Span } from '../text/line.ts'

/** A real log line before and after the stage, in two rows. */
export const exampleLines = (example: BeforeAfter | undefined, width: number): readonly Line[] => {
  if (example === undefined)
    return [
      inset([muted('before  '), muted('the first log line shows here once a node has reported its log')], width),
      inset([muted('after')], width),
    ]
  return [
    inset([muted('before  '), ...example.before.map((part) => toSpan(part, 'before'))], width),
    inset([muted('after   '), ...example.after.map((part) => toSpan(part, 'after'))], width),
  ]
}

/** A piece of an example line as the screen shows it. */
export const toSpan = ({ text, tone }: Segment, side: 'before' | 'after'): Span => {
  const shown = clean(text)
  return tone === 'bad' || tone === 'good'
    ? { text: shown, role: roles[tone], bold: side === 'before' || tone === 'good' }
    : { text: shown, role: roles[tone] }
}

const roles: Readonly<Record<SegmentTone, Span['role']>> = {
  plain: 'plain',
  muted: 'muted',
  bad: 'bad',
  good: 'accent',
}
