import { footer } from '../screens/components/footer.ts'
import { rule } from '../screens/components/glyphs.ts'
import { rail } from '../screens/components/rail.ts'
import { isTooSmall } from '../screens/components/too-small.ts'
import { promise, welcomeTop } from '../screens/setup/promise.ts'
import { emptyLine, exactly, fitTo, type Line } from '../screens/text/line.ts'
import { paint } from '../screens/text/paint.ts'
import { themeFor } from '../screens/theme.ts'

export interface FirstFrameOptions {
  readonly columns: number
  readonly rows: number
  readonly env: Readonly<Record<string, string | undefined>>
  /** Titles of the stages, in their order. */
  readonly stages: readonly string[]
}

/** What leaves the alternate screen again when the program ends before Ink has taken over. */
export const leaveFirstFrame = '\u001b[?7h\u001b[?25h\u001b[?1049l'

/** The head of the first screen on the alternate screen, painted before Ink is loaded; empty when the terminal is too small. */
export const firstFrame = ({ columns, rows, env, stages }: FirstFrameOptions): string => {
  if (isTooSmall(columns, rows)) return ''
  const steps = [
    { title: 'Setup' },
    { title: 'Nodes' },
    ...[...stages, 'Query', 'Summary'].map((title, i) => ({ digit: `${i + 1}`, title })),
  ]
  const air = Array.from({ length: welcomeTop(rows - 5) }, () => emptyLine)
  const body = exactly([...rail(steps, 0, columns), ...air, ...promise(columns)], rows - 2)
  const foot = [rule(columns), footer([], [{ keys: 'Ctrl-C', label: 'quit' }], columns)]
  const theme = themeFor(env)
  const painted = [...body, ...foot].map((line: Line) => paint(fitTo(line, columns), theme))
  return `\u001b[?1049h\u001b[?7l\u001b[?25l\u001b[H${painted.join('\r\n')}`
}
