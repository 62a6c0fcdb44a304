import type { Commands } from './commands.ts'
import { findQuery } from './selectors/answer.ts'
import { isMendFirst } from './selectors/checks.ts'
import { selectLacksLogs, selectUnprepared } from './selectors/nodes.ts'
import { selectUnderstood } from './selectors/own-logs.ts'
import { selectSelected, selectStep } from './selectors/panes.ts'
import { isUnderWay, selectProgress } from './selectors/runs.ts'
import type { State, Step } from './state.ts'

/** One thing that Space does. A beat is over when the state says so, so going back re-runs nothing. */
export type Beat =
  | {
      readonly kind: 'do'
      readonly id: string
      /** A word or two for the footer. */
      readonly label: string
      readonly done: (state: State) => boolean
      readonly run: (commands: Commands) => Promise<unknown>
    }
  | {
      readonly kind: 'wait'
      readonly id: string
      readonly done: (state: State) => boolean
      /** What it waits for, as the end of a sentence. */
      readonly for: (state: State) => string
      /** Whether a second Space goes on without it. */
      readonly skippable: boolean
    }
  | { readonly kind: 'step'; readonly id: string; readonly to: string; readonly title: string }
  | { readonly kind: 'end'; readonly id: string }

const setupBeats: readonly Beat[] = [
  {
    kind: 'do',
    id: 'setup choose',
    label: 'start',
    done: ({ setup }) => setup.mode !== 'choosing',
    run: (commands) => commands.choose(),
  },
  {
    kind: 'do',
    id: 'setup own logs',
    label: 'start',
    done: (state) => state.setup.mode !== 'found' || !selectUnderstood(state),
    run: (commands) => commands.startOwnLogs(),
  },
  {
    kind: 'do',
    id: 'setup mend',
    label: 'put it right',
    done: (state) => state.setup.problem === undefined || !isMendFirst(state),
    run: (commands) => commands.mend(),
  },
  {
    kind: 'do',
    id: 'setup prepare',
    label: 'prepare nodes',
    done: (state) => state.setup.problem === undefined || selectUnprepared(state).length === 0,
    run: (commands) => commands.prepare(),
  },
  {
    kind: 'do',
    id: 'setup logs',
    label: 'start logs',
    done: (state) => state.setup.problem === undefined || !selectLacksLogs(state),
    run: (commands) => commands.startLogs(),
  },
  {
    kind: 'wait',
    id: 'setup open',
    done: ({ setup }) => setup.mode === 'open',
    for: ({ setup }) =>
      setup.mode === 'found'
        ? 'a log that bbq understands; Esc goes back to the path'
        : setup.problem === undefined
          ? 'the nodes and tables to be ready'
          : 'the problem above to be solved; r checks again',
    skippable: false,
  },
]

const stageBeats = (stageId: string, title: string): readonly Beat[] => [
  {
    kind: 'do',
    id: `${stageId} launch`,
    label: 'run it',
    done: ({ runs }) => runs[stageId]?.phase !== 'idle',
    run: (commands) => commands.runStage(stageId),
  },
  {
    kind: 'wait',
    id: `${stageId} wait`,
    done: ({ runs }) => !isUnderWay(runs[stageId]) || runs[stageId]?.keep !== undefined,
    for: ({ runs }) => {
      const run = runs[stageId]
      if (run === undefined) return `stage ${title}`
      const { ended, of } = selectProgress(run)
      return `stage ${title}: ${ended} of ${of} nodes have ended`
    },
    skippable: true,
  },
]

const queryBeats: readonly Beat[] = [
  {
    kind: 'do',
    id: 'query ask',
    label: 'ask',
    done: (state) => state.query.answer !== undefined || state.query.running !== undefined || costs(state),
    run: (commands) => commands.runQuery(),
  },
  {
    kind: 'wait',
    id: 'query wait',
    done: ({ query }) => query.running === undefined,
    for: () => 'the answer of the query',
    skippable: true,
  },
]

/** Whether running the selected query is billed; such a one is only selected, and Enter runs it. */
export const costs = (state: State): boolean => {
  const query = findQuery(state, selectSelected({ ...state, current: 'query' }, 'questions'))
  if (query?.merge !== undefined) return false
  return (
    query === undefined ||
    (state.source?.warehouse.kind === 'bigquery' && state.query.prices[query.id]?.billedBytes !== 0)
  )
}

const beatsOf = (step: Step): readonly Beat[] => {
  switch (step.kind) {
    case 'setup':
      return setupBeats
    case 'stage':
      return stageBeats(step.id, step.title)
    case 'query':
      return queryBeats
    default:
      return []
  }
}

/** What Space does now. */
export const nextBeat = (state: State): Beat => {
  const step = selectStep(state)
  const open = beatsOf(step).find((beat) => (beat.kind === 'do' || beat.kind === 'wait') && !beat.done(state))
  if (open !== undefined) return open
  const after = state.steps[state.steps.indexOf(step) + 1]
  if (after === undefined) return { kind: 'end', id: 'end' }
  return { kind: 'step', id: `${step.id} step`, to: after.id, title: after.title }
}

/** The step that Backspace goes back to. */
export const previousStep = (state: State): Step | undefined => state.steps[state.steps.indexOf(selectStep(state)) - 1]
