import type { State } from '../state.ts'

/** Whether a log was found of which at least one line is understood: only then there is something to walk over. */
export const selectUnderstood = ({ setup }: State): boolean =>
  setup.own.found?.nodes.some(({ understood }) => understood > 0) === true

/** What is typed now: which field it is, and its text. */
export const selectField = ({ current, setup }: State): { readonly id: string; readonly text: string } | undefined => {
  if (current !== 'setup') return undefined
  if (setup.mode === 'asking') return { id: `question ${setup.at}`, text: setup.draft }
  if (setup.mode === 'naming') return { id: `own logs ${setup.own.completions}`, text: setup.own.text }
  return undefined
}
