import type { Binding } from '../../src/engine/keymap.ts'
import { selectStep } from '../../src/engine/selectors/panes.ts'
import type { State } from '../../src/engine/state.ts'
import { bold, cell, emptyLine, type Line, muted, span, strong } from '../text/line.ts'

/** Every key, those of this screen first; one that does nothing now says why. */
export const helpPage = (bindings: readonly Binding[], state: State): readonly Line[] => {
  const { kind, title } = selectStep(state)
  const here = bindings.filter((one) => one.screens?.includes(kind) === true)
  const everywhere = bindings.filter((one) => one.screens === undefined)
  return [
    [strong(`On ${title}`)],
    ...here.map((one) => keyLine(one, state)),
    emptyLine,
    [strong('Everywhere')],
    ...everywhere.map((one) => keyLine(one, state)),
  ]
}

const keyLine = (binding: Binding, state: State): Line => {
  const keys = binding.shown ?? binding.keys.join(' ')
  const works = binding.when(state)
  const name = cell(works ? bold(keys, 'plain') : muted(keys), 20)
  return [name, works ? span(binding.help) : muted(`${binding.help} ${binding.why(state)}`)]
}
