import type { Screen } from '../context.ts'
import { checksScreen } from './checks.ts'
import { choicesScreen } from './choices.ts'
import { wizardScreen } from './wizard.ts'

/** Setup in its four moods: the choices, the wizard, the checks, and what came of them. */
export const setupScreen: Screen = (state, context) => {
  switch (state.setup.mode) {
    case 'choosing':
      return choicesScreen(state, context)
    case 'asking':
      return wizardScreen(state, context)
    case 'checking':
    case 'open':
      return checksScreen(state, context)
  }
}
