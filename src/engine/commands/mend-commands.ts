import { AppError } from '../../core/errors.ts'
import type { Repair, SetupStep } from '../../warehouse/setup.ts'
import type { Commands } from '../commands.ts'
import type { Context } from '../context.ts'
import { toProblem } from '../problem.ts'
import { selectMendable } from '../selectors/checks.ts'
import { lookAtStep } from './look-at-setup.ts'

const mendMs = 300_000

type MendCommands = Pick<Commands, 'mend' | 'mendNow'>

/** Commands that put right outside of this machine what a check of Setup found missing. */
export const createMendCommands = (context: Context, checkAgain: () => Promise<void>): MendCommands => {
  const { ports, calls, put, tell, getState } = context
  let mending = false

  const say = (text: string): void =>
    tell({ type: 'message/shown', message: { text, tone: 'info', at: ports.clock() } })

  /** Looks again first: somebody may have put it right elsewhere, or more be missing by now. */
  const withRepair = async (use: (step: SetupStep, repair: Repair) => Promise<void>): Promise<void> => {
    const id = selectMendable(getState())?.id
    const setup = await ports.openSetup?.(context.config())
    const step = setup?.steps.find((one) => one.id === id)
    try {
      if (step === undefined) return
      const seen = await lookAtStep(context, step)
      context.inbox.flush()
      if ('problem' in seen && seen.repair !== undefined) return await use(step, seen.repair)
      say(`${step.title}: nothing is missing any more.`)
    } finally {
      setup?.close()
    }
    if (context.session() === undefined) await checkAgain()
  }

  const work = async (step: SetupStep, repair: Repair): Promise<void> => {
    const about = { id: step.id, title: step.title, startedAt: ports.clock() }
    const onStep = (detail: string): void =>
      put({ type: 'check/changed', check: { ...about, state: 'running', detail } })
    const open = context.session() !== undefined
    if (!open) put({ type: 'preparing/requested', now: about.startedAt })
    onStep(repair.title)
    try {
      const done = await calls.call(step.title, mendMs, (call) => repair.run({ ...call, onStep }))
      say(`${step.title}: ${done}.`)
      await (open ? lookAtStep(context, step) : checkAgain())
    } catch (thrown) {
      const problem = toProblem(thrown)
      put({ type: 'check/changed', check: { ...about, state: 'problem', problem, repair: repair.title } })
      if (!open) put({ type: 'opening/failed', problem })
      throw thrown
    } finally {
      context.inbox.flush()
    }
  }

  return {
    mend: () =>
      withRepair(async (_, { title, changes }) => {
        tell({
          type: 'overlay/opened',
          overlay: {
            kind: 'confirm',
            id: 'mend',
            question: `${title.charAt(0).toUpperCase()}${title.slice(1)}?`,
            why: `${changes.join('; ')}. Nothing else is changed.`,
            yes: 'do it',
            no: 'not now',
          },
        })
      }),
    mendNow: async () => {
      if (mending) throw new AppError({ what: 'It is being put right.', next: ['Wait for the end.'], kind: 'refused' })
      mending = true
      try {
        await withRepair(work)
      } finally {
        mending = false
      }
    },
  }
}
