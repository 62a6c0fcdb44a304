import { redact } from '../../core/redact.ts'
import type { Commands } from '../commands.ts'
import type { Context } from '../context.ts'
import type { KeyEvent } from '../events.ts'
import { selectIndex, selectPane, selectPaneItems, selectPanes, selectStep, selectView } from '../selectors/panes.ts'
import type { PaneId, State } from '../state.ts'
import { previewStage } from './run-stage.ts'

export type ViewCommands = Pick<
  Commands,
  | 'pause'
  | 'focusNext'
  | 'focus'
  | 'move'
  | 'select'
  | 'sort'
  | 'toggleView'
  | 'leave'
  | 'showCommand'
  | 'showHelp'
  | 'say'
  | 'show'
  | 'back'
>

/** Back from checks that failed to where their opening was asked for. */
const leavesChecks = ({ setup }: State): KeyEvent => {
  if (setup.chosen === 'own') return { type: 'own/opened' }
  return setup.chosen === 'connect' ? { type: 'answer/reopened' } : { type: 'wizard/closed' }
}

/** Commands that change only what is shown. */
export const createViewCommands = (context: Context, onResume: () => void): ViewCommands => {
  const { tell, getState, ports } = context

  const say: Commands['say'] = (text, tone = 'info') =>
    tell({ type: 'message/shown', message: { text: redact(text), tone, at: ports.clock() } })

  const focus = (pane: PaneId): void => tell({ type: 'pane/focused', pane })

  const select = (pane: PaneId, id: string): void => {
    const index = selectPaneItems(getState(), pane).indexOf(id)
    if (index >= 0) tell({ type: 'row/selected', pane, id, index })
  }

  const show = (stepId: string): void => {
    const { setup, steps, clock } = getState()
    const step = steps.find(({ id }) => id === stepId)
    if (step === undefined) return
    if (step.kind !== 'setup' && setup.mode !== 'open')
      tell({
        type: 'message/shown',
        message: {
          text: `${step.title} has nothing to show yet: start the demo first, with Enter.`,
          tone: 'warn',
          at: clock.now,
        },
      })
    else tell({ type: 'step/shown', step: stepId })
  }

  return {
    say,
    focus,
    select,
    show,
    back: () => {
      const { steps } = getState()
      const before = steps[steps.indexOf(selectStep(getState())) - 1]
      if (before !== undefined) show(before.id)
    },
    pause: () => {
      if (!getState().paused) return tell({ type: 'paused' })
      tell({ type: 'resumed', now: ports.clock() })
      onResume()
    },
    focusNext: (by) => {
      const panes = selectPanes(getState())
      const next = panes[(panes.indexOf(selectPane(getState())) + by + panes.length) % panes.length]
      if (next !== undefined) focus(next)
    },
    move: (by) => {
      const state = getState()
      if (state.overlay !== undefined) {
        const rows = by === 'first' ? -1_000 : by === 'last' ? 1_000 : by
        return tell({ type: 'overlay/scrolled', by: rows })
      }
      const pane = selectPane(state)
      const items = selectPaneItems(state, pane)
      const at = selectIndex(state, pane)
      const wanted = by === 'first' ? 0 : by === 'last' ? items.length - 1 : at + by
      const index = Math.max(0, Math.min(items.length - 1, wanted))
      const id = items[index]
      if (id !== undefined && index !== at) tell({ type: 'row/selected', pane, id, index })
      else if (id !== undefined && selectView(state).selected[pane] === undefined)
        tell({ type: 'row/selected', pane, id, index })
    },
    sort: () => tell({ type: 'sort/changed' }),
    toggleView: () => tell({ type: 'view/toggled' }),
    showCommand: async () => {
      const { current } = getState()
      const { kind } = selectStep(getState())
      const unsent = kind === 'stage' && context.runs()[current]?.job === undefined
      const shown = unsent ? await previewStage(context, current) : undefined
      if (getState().current !== current) return
      tell({
        type: 'overlay/opened',
        overlay: { kind: 'command', scroll: 0, ...(shown === undefined ? {} : { shown }) },
      })
    },
    showHelp: () => tell({ type: 'overlay/opened', overlay: { kind: 'help', scroll: 0 } }),
    leave: () => {
      const state = getState()
      if (state.overlay !== undefined) return tell({ type: 'overlay/closed' })
      if (state.nodes.opened !== undefined) return tell({ type: 'node/closed' })
      if (state.current === 'setup' && state.setup.mode === 'naming') return tell({ type: 'own/closed' })
      if (state.current === 'setup' && state.setup.mode === 'found') return tell({ type: 'own/renamed' })
      if (state.current === 'setup' && state.setup.mode === 'asking')
        return tell(state.setup.at === 0 ? { type: 'wizard/closed' } : { type: 'answer/reopened' })
      if (state.current === 'setup' && state.setup.mode === 'checking' && state.setup.problem !== undefined)
        return tell(leavesChecks(state))
      if (state.query.offer !== undefined) return tell({ type: 'offer/dropped' })
      if (state.current === 'query' && selectPane(state) !== 'questions') focus('questions')
    },
  }
}
