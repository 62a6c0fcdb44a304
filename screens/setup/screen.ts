import type { Screen } from '../context.ts'
import { checksScreen } from './checks.ts'
import { choicesScreen } from './choices.ts'
import { foundLogsScreen } from './found-logs.ts'
import { ownLogsScreen } from './own-logs.ts'
import { wizardScreen } from './wizard.ts'

/** Setup: the choices, the wizard, logs of one's own, the checks, and what came of them. */
export const setupScreen: Screen = (state, context) => {
  switch (state.setup.mode) {
    case 'choosing':
      return choicesScreen(state, context)
    case 'asking':
      return wizardScreen(state, context)
    case 'naming':
      return ownLogsScreen(state, context)
    case 'found':
      return foundLogsScreen(state, context)
    case 'checking':
    case 'open':
      return checksScreen(state, context)
  }
}
