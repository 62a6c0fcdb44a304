import type { Binding } from '../keymap.ts'
import { costs, nextBeat, previousStep } from '../script.ts'
import { isMendFirst } from '../selectors/checks.ts'
import { selectLacksLogs, selectUnprepared } from '../selectors/nodes.ts'
import { selectUnderstood } from '../selectors/own-logs.ts'
import { selectPane, selectPaneItems } from '../selectors/panes.ts'
import type { State } from '../state.ts'
import { attempt } from './attempt.ts'
import {
  answerFirst,
  hasProblem,
  isConfirming,
  isFound,
  isFree,
  isNaming,
  isOpen,
  isTyping,
  kind,
  pausedFirst,
  startFirst,
} from './when.ts'

const enterLabel = (state: State): string => {
  if (state.overlay?.kind === 'confirm') return state.overlay.yes
  switch (kind(state)) {
    case 'setup':
      if (isNaming(state)) return 'look'
      if (isFound(state)) return 'start'
      return isTyping(state)
        ? 'next'
        : state.setup.mode === 'choosing'
          ? 'choose'
          : isMendFirst(state)
            ? 'put it right'
            : selectUnprepared(state).length > 0
              ? 'prepare nodes'
              : selectLacksLogs(state)
                ? 'start logs'
                : 'check again'
    case 'nodes':
      return 'open node'
    case 'stage':
      return 'open'
    case 'query':
      if (selectPane(state) === 'result') return 'open row'
      if (state.query.offer !== undefined) return 'run it at that price'
      return costs(state) ? 'show price' : 'run'
    case 'summary':
      return 'prove it'
  }
}

const canEnter = (state: State): boolean => {
  if (state.overlay !== undefined) return isConfirming(state)
  const pane = selectPane(state)
  switch (kind(state)) {
    case 'setup':
      if (isNaming(state)) return state.setup.own.lookingSince === undefined
      if (isFound(state)) return selectUnderstood(state)
      return state.setup.mode === 'choosing' || isTyping(state) || hasProblem(state)
    case 'nodes':
      return state.nodes.opened === undefined && state.nodes.rows.length > 0
    case 'stage':
      return selectPaneItems(state, pane).length > 0
    case 'query':
      return pane === 'questions'
        ? state.query.running === undefined && !state.paused && state.query.items.length > 0
        : pane === 'result' && selectPaneItems(state, 'result').length > 0
    case 'summary':
      return pane === 'stages' && !state.paused && state.query.items.length > 0
  }
}

const whyNoEnter = (state: State): string => {
  if (state.overlay !== undefined) return 'It is open already. Esc closes it.'
  if (state.paused) return pausedFirst
  if (state.query.running !== undefined) return 'The query runs. Esc stops it.'
  if (isNaming(state)) return 'The files are being looked at.'
  if (isFound(state)) return 'No line was understood, so there is nothing to go on with. Esc goes back to the path.'
  if (kind(state) === 'setup') return isOpen(state) ? 'All is ready. Space goes on.' : 'The checks run.'
  return selectPane(state) === 'tables'
    ? 'The rows of the selected table are shown already.'
    : 'There is no row to open.'
}

const escLabel = (state: State): string => {
  if (state.overlay?.kind === 'confirm') return state.overlay.no
  if (state.overlay !== undefined) return 'close'
  return state.query.running !== undefined && kind(state) === 'query' ? 'stop it' : 'back'
}

const canEsc = (state: State): boolean =>
  state.overlay !== undefined ||
  state.nodes.opened !== undefined ||
  isTyping(state) ||
  isFound(state) ||
  (kind(state) === 'setup' && hasProblem(state)) ||
  (kind(state) === 'query' &&
    (state.query.running !== undefined || state.query.offer !== undefined || selectPane(state) !== 'questions'))

const spaceLabel = (state: State): string => {
  const beat = nextBeat(state)
  if (beat.kind === 'do') return beat.label
  return beat.kind === 'wait' ? 'go on without it' : 'next'
}

const isWaiting = (state: State): boolean => {
  const beat = nextBeat(state)
  return beat.kind === 'wait' && state.impatientWith !== beat.id
}

/** Keys that go through the walk: beats, steps, into and out of things. */
export const walkKeys: readonly Binding[] = [
  {
    id: 'next',
    keys: ['Space', 'PgDn'],
    shown: 'Space',
    label: spaceLabel,
    help: 'Does the next beat of the script. During a wait it names what it waits for; again, it goes on.',
    when: (state) => isFree(state) && nextBeat(state).kind !== 'end',
    why: (state) =>
      isConfirming(state) ? answerFirst : 'That was the last step. q leaves, a digit goes back to a stage.',
    run: (commands) => attempt(commands, commands.next()),
    weight: (state) => (isWaiting(state) ? 0 : state.setup.mode === 'choosing' ? 60 : 100),
  },
  {
    id: 'back',
    keys: ['Backspace', 'PgUp'],
    shown: 'Backspace',
    label: () => 'back',
    help: 'Goes one step back; nothing runs again.',
    when: (state) => !isConfirming(state) && (isTyping(state) || previousStep(state) !== undefined),
    why: (state) => (isConfirming(state) ? answerFirst : 'This is the first step.'),
    run: (commands, state) => (isTyping(state) ? commands.answerBack() : commands.back()),
    weight: (state) => (isTyping(state) ? 0 : 5),
  },
  {
    id: 'enter',
    keys: ['Enter'],
    label: enterLabel,
    help: 'Goes into what is selected: takes a choice, opens a node or row, runs a query; of one that costs it shows the price first.',
    when: canEnter,
    why: whyNoEnter,
    run: (commands) => attempt(commands, commands.enter()),
    weight: () => 90,
  },
  {
    id: 'leave',
    keys: ['Esc'],
    label: escLabel,
    help: 'Closes what is open, or stops the query that runs.',
    when: canEsc,
    why: () => 'Nothing is open. Backspace goes a step back, q leaves.',
    run: (commands, state) =>
      state.overlay === undefined && kind(state) === 'query' && state.query.running !== undefined
        ? commands.cancelQuery()
        : commands.leave(),
    weight: () => 85,
  },
  {
    id: 'jump',
    keys: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    shown: '0-9',
    label: () => 'jump',
    help: 'Jumps to a step: 0 Setup, 9 Nodes, the others as printed.',
    when: (state) => isFree(state) && isOpen(state),
    why: (state) => (isConfirming(state) ? answerFirst : startFirst),
    run: (commands, state, key) => {
      const step = state.steps.find((one) => one.key === key)
      if (step === undefined) commands.say(`No step has the key ${key}.`, 'warn')
      else commands.show(step.id)
    },
    weight: () => 0,
  },
]
