import { formatCount } from '../../src/core/format.ts'
import type { Stage } from '../../src/core/stage.ts'
import type { State } from '../../src/engine/state.ts'
import { bold, cell, emptyLine, gap, inset, type Line, muted, type Span, span } from '../text/line.ts'
import { addressFigures } from './select.ts'

/** Masked against unmasked, three rows, on stages that send masked rows; empty on the others. */
export const addressLines = (state: State, stage: Stage, width: number): readonly Line[] => {
  if (!stage.outputs.some((output) => output.relation === 'masked')) return []
  const figures = addressFigures(state)
  const own = figures.find((one) => one.stage.id === stage.id)
  const upTo = figures.slice(0, figures.findIndex((one) => one.stage.id === stage.id) + 1)
  const stored: readonly Span[] = upTo.flatMap(({ stage: other, ran, full }) => [
    muted(`${other.title.toLowerCase()} `),
    ran ? bold(formatCount(full), full > 0 ? 'bad' : 'ok') : muted('not run'),
    gap(4),
  ])
  const masked: readonly Span[] =
    own?.ran === true
      ? [span(formatCount(own.masked)), muted(' addresses: clients, and those inside paths and referers')]
      : [muted('none yet')]
  return [
    inset([cell(span('full addresses stored'), 25), ...stored], width),
    inset([cell(span('masked on the nodes'), 25), ...masked], width),
    emptyLine,
  ]
}
