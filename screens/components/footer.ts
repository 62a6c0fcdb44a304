import { bold, ends, type Line, lineWidth, muted, type Span, span } from '../text/line.ts'

/** A key that does something now. */
export interface Hint {
  readonly keys: string
  readonly label: string
}

const hint = ({ keys, label }: Hint): readonly Span[] => [bold(keys, 'plain'), muted(` ${label}`)]

/** The keys of the moment, the most useful first, `always` on the right; what has no room is left to the help. */
export const footer = (hints: readonly Hint[], always: readonly Hint[], width: number): Line => {
  const right: Line = [...separated(always), span(' ')]
  const room = width - lineWidth(right) - 3
  const left: Span[] = [span(' ')]
  for (const [i, one] of hints.entries()) {
    const next = i === 0 ? hint(one) : [span('  '), ...hint(one)]
    if (lineWidth(left) + lineWidth(next) > room) break
    left.push(...next)
  }
  return ends(left, right, width)
}

const separated = (hints: readonly Hint[]): readonly Span[] =>
  hints.flatMap((one, i) => (i === 0 ? hint(one) : [span('  '), ...hint(one)]))
