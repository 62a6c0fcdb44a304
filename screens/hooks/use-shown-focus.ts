import { useEffect } from 'react'
import { selectPanes, selectStep, selectView } from '../../src/engine/selectors/panes.ts'
import type { PaneId, State } from '../../src/engine/state.ts'
import { panesFor } from '../context.ts'
import { useEngine } from './use-engine.ts'

/** Where only two of a stage's three panes fit, its tables are shown: until somebody moves it, the focus belongs to one of them. */
export const useShownFocus = (state: State, columns: number): void => {
  const { commands } = useEngine()
  const wanted = wantedPane(state, columns)
  useEffect(() => {
    if (wanted !== undefined) commands.focus(wanted)
  }, [commands, wanted])
}

const wantedPane = (state: State, columns: number): PaneId | undefined => {
  const panes = selectPanes(state)
  const cramped = selectStep(state).kind === 'stage' && panes.length > 2 && panesFor(columns) === 2
  return cramped && selectView(state).pane === undefined ? panes.at(-1) : undefined
}
