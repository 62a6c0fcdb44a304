import { AppError } from '../../core/errors.ts'
import type { OwnNode } from '../../core/own-files.ts'
import type { Commands } from '../commands.ts'
import type { Context } from '../context.ts'
import type { Confirmation } from '../overlay.ts'
import { replaceQuestion } from '../replace-question.ts'
import { selectSelected } from '../selectors/panes.ts'
import { askedAfter } from '../wizard.ts'
import { countRows } from './count-rows.ts'
import { type OpenOptions, openDemo } from './open-demo.ts'
import { createOwnLogsCommands } from './own-logs-commands.ts'
import { saveRuns } from './save-runs.ts'

export type OpenCommands = Pick<
  Commands,
  | 'start'
  | 'resume'
  | 'choose'
  | 'openOwnLogs'
  | 'completeOwnLogs'
  | 'startOwnLogs'
  | 'countRows'
  | 'openWizard'
  | 'closeWizard'
  | 'draft'
  | 'answer'
  | 'answerBack'
  | 'check'
>

const withInputs = (inputs: readonly OwnNode[] | undefined): Pick<OpenOptions, 'inputs'> =>
  inputs === undefined ? {} : { inputs }

/** Where a walk is taken up again: Setup itself has nothing more to show. */
const stepAfter = (reached: string | undefined): string =>
  reached === undefined || reached === 'setup' ? 'nodes' : reached

/** Commands of the first screen: choices, wizard, checks. */
export const createOpenCommands = (context: Context, adopt: () => void): OpenCommands => {
  const { ports, tell, getState } = context
  let opening = false

  const ask = (overlay: Confirmation): void => tell({ type: 'overlay/opened', overlay })

  /** How it was opened the last time; a check that failed is repeated with the same. */
  let last: OpenOptions | undefined

  const open = async (options: OpenOptions) => {
    if (context.session() !== undefined)
      throw new AppError({
        what: 'The demo is open already.',
        next: ['Space goes on; a new one starts with the program.'],
        kind: 'refused',
      })
    if (opening) return
    opening = true
    last = options
    try {
      const earlier = await context.calls.track(openDemo(context, options))
      if (getState().current === 'setup' && options.chosen !== 'connect')
        tell({ type: 'step/shown', step: stepAfter(earlier?.reached) })
      adopt()
      await saveRuns(context)
    } finally {
      opening = false
    }
  }

  const start: Commands['start'] = async ({ replace } = {}) => {
    const { before } = getState().setup
    if (before !== undefined && replace === undefined && context.session() === undefined)
      return ask(replaceQuestion(before, { does: 'replace by the demo' }, ports.clock()))
    context.setConfig(ports.local)
    await open({ chosen: 'demo', fresh: true, agreed: replace === 'anything', live: true })
  }

  const resume: Commands['resume'] = async ({ live = true } = {}) => {
    // a failed attempt may have left another one
    context.setConfig(ports.config)
    await open({ chosen: 'resume', fresh: false, live, ...withInputs(ports.inputs) })
  }

  /** What was here before as it was, be it nodes or somebody's own logs. */
  const reopen = async (): Promise<void> => {
    const { before } = ports
    const inputs = before?.connected === false && before.holding.kind === 'own' ? before.holding.nodes : undefined
    if (inputs === undefined) return resume()
    context.setConfig(ports.local)
    await open({ chosen: 'resume', fresh: false, live: true, inputs })
  }

  const check = async (): Promise<void> => {
    const chosen = getState().setup.chosen ?? 'connect'
    await open(last?.chosen === chosen ? last : { chosen, fresh: false, live: true, ...withInputs(ports.inputs) })
  }

  const { look, ...own } = createOwnLogsCommands(context, { open, ask })

  const openWizard = (): void => tell({ type: 'wizard/opened' })

  return {
    ...own,
    start,
    resume,
    check,
    openWizard,
    closeWizard: () => tell({ type: 'wizard/closed' }),
    choose: async () => {
      const id = selectSelected({ ...getState(), current: 'setup' }, 'choices')
      if (id === 'connect') openWizard()
      else if (id === 'own') own.openOwnLogs()
      else if (id === 'resume') await reopen()
      else await start()
    },
    draft: (text) => tell({ type: 'draft/changed', text }),
    answerBack: () => {
      const { mode, at } = getState().setup
      if (mode === 'naming') return tell({ type: 'own/closed' })
      tell(at === 0 ? { type: 'wizard/closed' } : { type: 'answer/reopened' })
    },
    countRows: async () => {
      const { before } = ports
      if (before?.holding.kind !== 'own' || before.holding.tables === 0) return
      const counted = await countRows(context, ports.local)
      if (counted !== undefined) tell({ type: 'rows/counted', counted })
    },
    answer: async () => {
      const { mode, at, draft } = getState().setup
      if (mode === 'naming') return look()
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
