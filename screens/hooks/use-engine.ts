import { createContext, useContext } from 'react'
import type { Commands } from '../../src/engine/commands.ts'
import type { Binding } from '../../src/engine/keymap.ts'
import type { State } from '../../src/engine/state.ts'

/** The part of the engine that screens see. */
export interface EngineView {
  readonly store: {
    readonly getState: () => State
    readonly subscribe: (listener: () => void) => () => void
  }
  readonly commands: Commands
  readonly bindings: readonly Binding[]
}

const EngineContext = createContext<EngineView | undefined>(undefined)

export const EngineProvider = EngineContext.Provider

/** The engine that drives this screen. */
export const useEngine = (): EngineView => {
  const engine = useContext(EngineContext)
  if (engine === undefined) throw new Error('a screen outside of an engine')
  return engine
}
