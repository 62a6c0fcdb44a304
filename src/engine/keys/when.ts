import { selectField } from '../selectors/own-logs.ts'
import { selectStep } from '../selectors/panes.ts'
import type { StageRun, State } from '../state.ts'

/** The kind of the step on the screen. */
export const kind = (state: State) => selectStep(state).kind
/** Whether the demo can be walked. */
export const isOpen = ({ setup }: State): boolean => setup.mode === 'open'
/** Whether a question is open. */
export const isConfirming = ({ overlay }: State): boolean => overlay?.kind === 'confirm'
/** Whether letters go into a text field. */
export const isTyping = (state: State): boolean => selectField(state) !== undefined
/** Whether logs of one's own are being named. */
export const isNaming = (state: State): boolean => kind(state) === 'setup' && state.setup.mode === 'naming'
/** Whether it is shown what such logs hold. */
export const isFound = (state: State): boolean => kind(state) === 'setup' && state.setup.mode === 'found'
/** Whether neither a question nor a text field has the keys. */
export const isFree = (state: State): boolean => !isConfirming(state) && !isTyping(state)
/** Whether the checks of Setup ended with a problem. */
export const hasProblem = ({ setup }: State): boolean => setup.mode === 'checking' && setup.problem !== undefined
/** The run of the stage on the screen. */
export const runOf = (state: State): StageRun | undefined => state.runs[state.current]
/** Why a key waits while a question is open. */
export const answerFirst = 'Answer the question first: Enter is yes, Esc is no.'
/** Why a key waits on the first screen. */
export const startFirst = 'Start the demo first: Enter takes the first choice.'
/** Why a key waits while the screen is paused. */
export const pausedFirst = 'The screen is paused. p goes on.'
