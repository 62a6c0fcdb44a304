import { AppError } from '../../core/errors.ts'
import type { Commands } from '../commands.ts'
import type { Context } from '../context.ts'
import { selectSelected } from '../selectors/panes.ts'
import type { ChoiceId } from '../state.ts'
import { askedAfter } from '../wizard.ts'
import { openDemo } from './open-demo.ts'
import { saveRuns } from './save-runs.ts'

export type OpenCommands = Pick<
  Commands,
  'start' | 'resume' | 'choose' | 'openWizard' | 'closeWizard' | 'draft' | 'answer' | 'answerBack' | 'check'
>

/** Commands of the first screen: choices, wizard, checks. */
export const createOpenCommands = (context: Context, adopt: () => void): OpenCommands => {
  const { ports, tell, getState } = context
  let opening = false

  const open = async (options: { readonly chosen: ChoiceId; readonly fresh: boolean; readonly live: boolean }) => {
    if (context.session() !== undefined)
      throw new AppError({
        what: 'The demo is open already.',
        next: ['Space goes on; a new one starts with the program.'],
        kind: 'refused',
      })
    if (opening) return
    opening = true
    try {
      const earlier = await context.calls.track(openDemo(context, options))
      if (getState().current === 'setup' && options.chosen !== 'connect')
        tell({ type: 'step/shown', step: earlier?.reached ?? 'nodes' })
      adopt()
      await saveRuns(context)
    } finally {
      opening = false
    }
  }

  const start: Commands['start'] = async ({ replace = false } = {}) => {
    const { before } = ports
    if (before !== undefined && !replace && context.session() === undefined)
      return tell({
        type: 'overlay/opened',
        overlay: {
          kind: 'confirm',
          id: 'start fresh',
          question: `Start over in ${before.stateDir}?`,
          why: 'It holds the logs and tables of an earlier demo. They are replaced by new ones.',
          yes: 'start over',
          no: 'keep it',
        },
      })
    context.setConfig(ports.local)
    await open({ chosen: 'demo', fresh: true, live: true })
  }

  const resume: Commands['resume'] = async ({ live = true } = {}) => {
    // a failed attempt may have left another one
    context.setConfig(ports.config)
    await open({ chosen: 'resume', fresh: false, live })
  }

  const check = async (): Promise<void> => {
    const chosen = getState().setup.chosen ?? 'connect'
    await open({ chosen, fresh: chosen === 'demo', live: true })
  }

  const openWizard = (): void => tell({ type: 'wizard/opened' })

  return {
    start,
    resume,
    check,
    openWizard,
    closeWizard: () => tell({ type: 'wizard/closed' }),
    choose: async () => {
      const id = selectSelected({ ...getState(), current: 'setup' }, 'choices')
      if (id === 'connect') openWizard()
      else if (id === 'resume') await resume()
      else await start()
    },
    draft: (text) => tell({ type: 'draft/changed', text }),
    answerBack: () => tell(getState().setup.at === 0 ? { type: 'wizard/closed' } : { type: 'answer/reopened' }),
    answer: async () => {
      const { at, draft } = getState().setup
      const question = ports.questions[at]
      if (question === undefined) return check()
      const why = question.check(draft)
      if (why !== undefined) return tell({ type: 'answer/refused', why })
      tell({ type: 'answer/given', key: question.key, text: draft })
      if (askedAfter(getState().setup, at, 1) !== undefined) return
      const { file, config } = await ports.saveConfig(getState().setup.answers)
      context.setConfig(config)
      context.put({ type: 'config/saved', file })
      await open({ chosen: 'connect', fresh: false, live: true })
    },
  }
}
