import { sanitize } from '../../src/core/sanitize.ts'
import type { Stage } from '../../src/core/stage.ts'
import type { StageRun } from '../../src/engine/state.ts'
import { shellRows } from '../overlays/command-page.ts'
import { emptyLine, type Line, muted, span, wrapText } from '../text/line.ts'

/** What a wide screen has room for beside the rows: the line that was sent, and what a presenter may say. */
export const notesPane = (stage: Stage, run: StageRun, width: number): readonly Line[] => {
  const command = run.job?.clusterCommand ?? run.job?.command
  const sent: readonly Line[] =
    command === undefined ? [[muted('Nothing sent yet.')]] : shellRows(command, width).slice(0, 12)
  const notes = stage.notes.flatMap((note) => [
    emptyLine,
    ...wrapText(sanitize(note), width).map((row): Line => [muted(row)]),
  ])
  return [
    [span(run.job?.clusterCommand === undefined ? 'The line that was sent' : 'The same on a cluster')],
    emptyLine,
    ...sent,
    emptyLine,
    emptyLine,
    [span('What to say')],
    ...notes,
  ]
}
