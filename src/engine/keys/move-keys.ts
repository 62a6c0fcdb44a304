import type { Binding } from '../keymap.ts'
import { selectPane, selectPaneItems, selectPanes } from '../selectors/panes.ts'
import type { State } from '../state.ts'
import { attempt } from './attempt.ts'
import { isFound, isFree, isNaming } from './when.ts'

const canMove = (state: State): boolean =>
  isFree(state) && (state.overlay !== undefined || selectPaneItems(state, selectPane(state)).length > 1)

const mover = (id: string, keys: readonly string[], by: number | 'first' | 'last', help: string): Binding => ({
  id,
  keys,
  label: () => id,
  help,
  when: canMove,
  why: () => 'There is nothing to move through here.',
  run: (commands) => commands.move(by),
  weight: () => 0,
})

/** Keys that move the selection and the focus. */
export const moveKeys: readonly Binding[] = [
  {
    ...mover('down', ['j', 'Down'], 1, 'Moves down.'),
    shown: 'j k',
    label: () => 'move',
    help: 'j and k move, as do the arrow keys.',
    weight: (state) => (state.setup.mode === 'choosing' || isFound(state) ? 70 : 0),
  },
  { ...mover('up', ['k', 'Up'], -1, 'Moves up.'), shown: 'k Up' },
  mover('first', ['Home'], 'first', 'Goes to the first row.'),
  mover('last', ['End'], 'last', 'Goes to the last row.'),
  {
    id: 'pane',
    keys: ['Tab'],
    label: (state) => (isNaming(state) ? 'complete' : 'pane'),
    help: 'Goes to the next pane; where your own logs are named, completes the path and shows what may follow.',
    when: (state) =>
      state.overlay === undefined && (isNaming(state) || (isFree(state) && selectPanes(state).length > 1)),
    why: () => 'This screen has one pane.',
    run: (commands, state) => (isNaming(state) ? attempt(commands, commands.completeOwnLogs()) : commands.focusNext(1)),
    weight: () => 80,
  },
  {
    id: 'pane back',
    keys: ['S-Tab'],
    shown: 'Shift-Tab',
    label: () => 'pane back',
    help: 'Goes to the pane before.',
    when: (state) => isFree(state) && state.overlay === undefined && selectPanes(state).length > 1,
    why: () => 'This screen has one pane.',
    run: (commands) => commands.focusNext(-1),
    weight: () => 0,
  },
]
