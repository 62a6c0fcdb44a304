import type { Check, State } from '../state.ts'
import { selectUnprepared } from './nodes.ts'
import { selectSelected } from './panes.ts'

/** The check that `F` would put right: the selected one, or the first that has a repair. */
export const selectMendable = (state: State): Check | undefined => {
  const mendable = state.setup.checks.filter(({ repair }) => repair !== undefined)
  const selected = selectSelected({ ...state, current: 'setup' }, 'checks')
  return mendable.find(({ id }) => id === selected) ?? mendable[0]
}

/** Whether putting a check right comes before preparing nodes, which may be offered as well. */
export const isMendFirst = (state: State): boolean =>
  state.setup.problem !== undefined && selectMendable(state) !== undefined && selectUnprepared(state).length === 0
