import { useSyncExternalStore } from 'react'
import type { State } from '../../src/engine/state.ts'
import { useEngine } from './use-engine.ts'

/** A part of the state; draws again only when that part is another one. */
export const useSelector = <T>(select: (state: State) => T): T => {
  const { store } = useEngine()
  const read = () => select(store.getState())
  return useSyncExternalStore(store.subscribe, read, read)
}
