import type { Event } from '../events.ts'
import type { OwnLogsState } from '../own-logs-state.ts'
import type { SetupState } from '../state.ts'

/** What was found holds for the text that it was found for. */
const typed = (own: OwnLogsState, text: string): OwnLogsState => ({
  text,
  candidates: [],
  completions: own.completions,
})

/** Setup while logs of one's own are named. */
export const reduceOwnLogs = (setup: SetupState, event: Event): SetupState => {
  const { own } = setup
  const withOwn = (next: OwnLogsState): SetupState => ({ ...setup, own: next })
  switch (event.type) {
    case 'own/opened': {
      const { problem: _, ...rest } = setup
      return { ...rest, mode: 'naming' }
    }
    case 'own/closed':
      return setup.mode === 'naming' ? { ...setup, mode: 'choosing', own: typed(own, own.text) } : setup
    case 'own/renamed':
      return setup.mode === 'found' ? { ...setup, mode: 'naming' } : setup
    case 'own/completed':
      return withOwn({ ...typed(own, event.text), candidates: event.candidates, completions: own.completions + 1 })
    case 'own/looked for':
      return withOwn({ ...typed(own, own.text), lookingSince: event.now })
    case 'own/found': {
      const { lookingSince: _, ...rest } = own
      return { ...setup, mode: 'found', own: { ...rest, found: event.found } }
    }
    case 'own/failed': {
      const { lookingSince: _, ...rest } = own
      return withOwn({ ...rest, problem: event.problem })
    }
    case 'draft/changed':
      return setup.mode === 'naming' ? withOwn(typed(own, event.text)) : setup
    default:
      return setup
  }
}
