import type { Binding } from '../../src/engine/keymap.ts'
import { selectStep } from '../../src/engine/selectors/panes.ts'
import type { State } from '../../src/engine/state.ts'
import { bold, cell, emptyLine, type Line, muted, span, strong, wrapText } from '../text/line.ts'

const keyWidth = 12

/** Every key, those of this screen first; one that does nothing there says why. */
export const helpPage = (bindings: readonly Binding[], state: State, width: number): readonly Line[] => {
  const { overlay: _, ...covered } = state
  const { kind, title } = selectStep(covered)
  const linesOf = (some: readonly Binding[]) => some.flatMap((one) => keyLines(one, covered, width))
  const here = bindings.filter((one) => one.screens?.includes(kind) === true)
  const everywhere = bindings.filter((one) => one.screens === undefined)
  return [
    ...(here.length === 0 ? [] : [[strong(`On ${title}`)], ...linesOf(here), emptyLine]),
    [strong('Everywhere')],
    ...linesOf(everywhere),
  ]
}

const keyLines = (binding: Binding, state: State, width: number): readonly Line[] => {
  const keys = binding.shown ?? binding.keys.join(' ')
  const works = binding.when(state)
  const text = works ? binding.help : `${binding.help} ${binding.why(state)}`
  return wrapText(text, Math.max(20, width - keyWidth)).map((row, i): Line => {
    const name = i > 0 ? span('') : works ? bold(keys, 'plain') : muted(keys)
    return [cell(name, keyWidth), works ? span(row) : muted(row)]
  })
}
