import { type MergedWindow, mergeWindows } from '../merge-windows.ts'
import type { State, WindowPartial } from '../state.ts'

const merged = new WeakMap<readonly WindowPartial[], readonly MergedWindow[]>()

/** The windows over all nodes, oldest first. */
export const selectWindows = (state: State): readonly MergedWindow[] => {
  const { partials } = state.tables
  const known = merged.get(partials)
  if (known !== undefined) return known
  const windows = mergeWindows(partials)
  merged.set(partials, windows)
  return windows
}
