import { holdingText } from './holding-text.ts'
import type { Confirmation, ConfirmedCommand } from './overlay.ts'
import type { Before } from './state.ts'

/** Asks whether what a state folder holds shall be replaced, and says what that is. */
export const replaceQuestion = (before: Before, command: ConfirmedCommand, now: number): Confirmation => {
  const { stateDir, holding, counted } = before
  const base = { kind: 'confirm', command } as const
  if (holding.kind !== 'own')
    return {
      ...base,
      question: `Start over in ${stateDir}?`,
      why:
        command.does === 'replace by own logs'
          ? 'It holds the tables of an earlier demo. They start empty; your log files stay as they are.'
          : 'It holds the logs and tables of an earlier demo. They are replaced by new ones.',
      yes: 'start over',
      no: 'keep it',
    }
  return {
    ...base,
    question: `Delete what is in ${stateDir}?`,
    why: `It holds ${holdingText(holding, { counted, now })}. The tables start empty; your log files stay as they are. To keep the rows, start bbq with another folder: bbq --state OTHER`,
    yes: 'delete the rows',
    no: 'keep them',
  }
}
