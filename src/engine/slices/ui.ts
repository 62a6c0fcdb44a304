import type { Event } from '../events.ts'
import { selectStep } from '../selectors/panes.ts'
import type { State, View } from '../state.ts'
import { nextSort } from './query.ts'

/** How long a message stays, in milliseconds. */
const messageMs = 8_000

const withView = (state: State, change: (view: View) => View): State => {
  const view = state.views[state.current]
  return view === undefined ? state : { ...state, views: { ...state.views, [state.current]: change(view) } }
}

const without = <K extends keyof State>(state: State, ...keys: readonly K[]): State => {
  const copy = { ...state }
  for (const key of keys) delete copy[key]
  return copy
}

/** Screen, focus, selection, overlays, message: what a person does to the view. */
export const reduceUi = (state: State, event: Event): State => {
  switch (event.type) {
    case 'step/shown':
      return shown(state, event.step)
    case 'paused':
      return { ...state, paused: true }
    case 'resumed':
      return { ...state, paused: false, clock: { ...state.clock, now: event.now } }
    case 'clock/ticked':
      return ticked(state, event.now)
    case 'opening/succeeded':
      return {
        ...without(state, 'impatientWith', 'message'),
        source: event.source,
        clock: { ...state.clock, openedAt: event.now },
      }
    case 'launch/finished':
    case 'launch/failed':
    case 'query/succeeded':
    case 'query/failed':
      return state.impatientWith === undefined ? state : without(state, 'impatientWith', 'message')
    case 'pane/focused':
      return withView(state, (view) => ({ ...view, pane: event.pane }))
    case 'row/selected': {
      const { pane, id, index } = event
      return withView(state, (view) => ({ ...view, selected: { ...view.selected, [pane]: { id, index } } }))
    }
    case 'sort/changed':
      return selectStep(state).kind === 'query'
        ? { ...state, query: nextSort(state.query) }
        : withView(state, (view) => ({ ...view, sort: view.sort + 1 }))
    case 'view/toggled':
      return selectStep(state).kind === 'query'
        ? { ...state, query: { ...state.query, view: state.query.view === 'table' ? 'chart' : 'table' } }
        : withView(state, (view) => ({ ...view, plain: !view.plain }))
    case 'overlay/opened':
      return { ...state, overlay: event.overlay }
    case 'overlay/scrolled':
      return scrolled(state, event.by)
    case 'overlay/closed':
      return without(state, 'overlay')
    case 'message/shown':
      return { ...state, message: event.message }
    case 'wait/named':
      return { ...state, impatientWith: event.beat }
    case 'interrupt/asked':
      return { ...state, interruptAskedAt: event.now }
    case 'leave/requested':
      return { ...state, leaving: event.how }
    default:
      return state
  }
}

const shown = (state: State, id: string): State => {
  const at = state.steps.findIndex((step) => step.id === id)
  if (at < 0) return state
  const next = without(state, 'overlay', 'impatientWith', 'message')
  return { ...next, current: id, reached: Math.max(state.reached, at) }
}

const ticked = (state: State, now: number): State => {
  const old = state.message !== undefined && now - state.message.at >= messageMs
  const next = old ? without(state, 'message') : state
  return { ...next, clock: { ...state.clock, now: Math.max(now, state.clock.now) } }
}

const scrolled = (state: State, by: number): State => {
  const { overlay } = state
  if (overlay === undefined || overlay.kind === 'confirm') return state
  return { ...state, overlay: { ...overlay, scroll: Math.max(0, Math.min(1_000, overlay.scroll + by)) } }
}
