import type { Event, KeyEvent } from './events.ts'
import { isUnderWay } from './selectors/runs.ts'
import { reduceNodes } from './slices/nodes.ts'
import { reduceQuery } from './slices/query.ts'
import { reduceRuns } from './slices/runs.ts'
import { reduceSetup } from './slices/setup.ts'
import { reduceSpend } from './slices/spend.ts'
import { reduceTables } from './slices/tables.ts'
import { reduceUi } from './slices/ui.ts'
import type { State } from './state.ts'

const keyTypes = {
  'step/shown': true,
  paused: true,
  resumed: true,
  'pane/focused': true,
  'row/selected': true,
  'sort/changed': true,
  'view/toggled': true,
  'node/opened': true,
  'node/closed': true,
  'overlay/opened': true,
  'overlay/scrolled': true,
  'overlay/closed': true,
  'message/shown': true,
  'wait/named': true,
  'offer/dropped': true,
  'wizard/opened': true,
  'wizard/closed': true,
  'draft/changed': true,
  'answer/given': true,
  'answer/refused': true,
  'answer/reopened': true,
  'own/opened': true,
  'own/closed': true,
  'own/renamed': true,
  'own/completed': true,
  'own/looked for': true,
  'own/found': true,
  'own/failed': true,
  'rows/counted': true,
  'interrupt/asked': true,
  'leave/requested': true,
} as const satisfies Record<KeyEvent['type'], true>

/** Whether a key made the event, so that it also holds while the screen is paused. */
export const isKeyEvent = (event: Event): event is KeyEvent => event.type in keyTypes

/** The next state; pure. While paused only what a key made changes it. */
export const reduce = (state: State, event: Event): State => {
  if (state.paused && !isKeyEvent(event)) return state
  const next = reduceUi(state, event)
  const setup = reduceSetup(next.setup, event)
  const nodes = reduceNodes(next.nodes, event)
  const runs = reduceRuns(next.runs, event, nodes.rows)
  const tables = reduceTables(next.tables, event)
  const query = reduceQuery(next.query, event)
  const spend = reduceSpend(next.spend, event)
  const same =
    setup === next.setup &&
    nodes === next.nodes &&
    runs === next.runs &&
    tables === next.tables &&
    query === next.query &&
    spend === next.spend
  return same ? next : withoutIdleQuestion({ ...next, setup, nodes, runs, tables, query, spend })
}

/** A question whether to stop what runs goes away with it. */
const withoutIdleQuestion = (state: State): State => {
  const { overlay, ...rest } = state
  if (overlay?.kind !== 'confirm' || overlay.command.does !== 'leave') return state
  if (Object.values(state.runs).some((run) => isUnderWay(run) && run.adopted !== true)) return state
  return { ...rest, message: { text: 'It has ended meanwhile. q leaves.', tone: 'info', at: state.clock.now } }
}
