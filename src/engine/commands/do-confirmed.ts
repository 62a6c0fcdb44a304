import type { Commands } from '../commands.ts'
import type { ConfirmedCommand } from '../overlay.ts'

type Doers = Pick<Commands, 'prepareNow' | 'startLogsNow' | 'mendNow' | 'raiseBudgetNow' | 'start' | 'startOwnLogs'> & {
  readonly leave: () => void
}

/** Does what a person said yes to. A command that is not on this list does nothing, and does not compile. */
export const doConfirmed = async (command: ConfirmedCommand, doers: Doers): Promise<void> => {
  switch (command.does) {
    case 'leave':
      return doers.leave()
    case 'prepare nodes':
      return doers.prepareNow()
    case 'start logs':
      return doers.startLogsNow()
    case 'fix':
      return doers.mendNow(command.fix)
    case 'raise budget':
      return doers.raiseBudgetNow()
    case 'replace by the demo':
      return doers.start({ replace: 'anything' })
    case 'replace by own logs':
      return doers.startOwnLogs({ inputs: command.inputs, replace: 'anything' })
    default:
      return command satisfies never
  }
}
