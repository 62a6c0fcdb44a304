import type { Binding } from '../src/engine/keymap.ts'
import { selectField } from '../src/engine/selectors/own-logs.ts'
import { selectStep } from '../src/engine/selectors/panes.ts'
import type { State } from '../src/engine/state.ts'
import type { Hint } from './components/footer.ts'

/** Whether letters go into a text field now. */
export const isTyping = (state: State): boolean => selectField(state) !== undefined && state.overlay === undefined

const editing = new Set(['Space', 'Backspace', 'Delete', 'Left', 'Right', 'Home', 'End'])

/** Whether a text field takes this key; Backspace leaves an empty one. */
export const isCaptured = (state: State, key: string): boolean => {
  if (!isTyping(state)) return false
  if (key === 'Backspace' && selectField(state)?.text === '') return false
  return editing.has(key) || Array.from(key).length === 1
}

const isHere = (binding: Binding, state: State): boolean =>
  binding.screens === undefined || binding.screens.includes(selectStep(state).kind)

/** The binding that a key means now: one that does something, or one that can say why not. */
export const bindingFor = (bindings: readonly Binding[], state: State, key: string): Binding | undefined => {
  const candidates = bindings.filter((binding) => binding.keys.includes(key) && isHere(binding, state))
  return candidates.find((binding) => binding.when(state)) ?? candidates[0]
}

const shownKeys = (binding: Binding): string => binding.shown ?? binding.keys.join(' ')

/** What does something now, by its weight; what a text field would swallow is left out. */
export const activeBindings = (bindings: readonly Binding[], state: State): readonly Binding[] =>
  bindings
    .filter((binding) => isHere(binding, state) && binding.when(state))
    .filter((binding) =>
      binding.keys.some((key) => !isCaptured(state, key) && bindingFor(bindings, state, key) === binding),
    )
    .toSorted((a, b) => b.weight(state) - a.weight(state))

const atTheRight = new Set(['help', 'quit'])

/** The footer's keys: those of the moment on the left, help and quit on the right. */
export const footerHints = (
  bindings: readonly Binding[],
  state: State,
): { readonly hints: readonly Hint[]; readonly always: readonly Hint[] } => {
  const active = activeBindings(bindings, state)
  const toHint = (binding: Binding): Hint => ({ keys: shownKeys(binding), label: binding.label(state) })
  const hints = active.filter((one) => !atTheRight.has(one.id) && one.weight(state) > 0).map(toHint)
  const always = active
    .filter((one) => atTheRight.has(one.id))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(toHint)
  return { hints, always: always.length > 0 ? always : [{ keys: 'Ctrl-C', label: 'quit' }] }
}
