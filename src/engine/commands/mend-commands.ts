import { AppError } from '../../core/errors.ts'
import type { Repair, SetupStep } from '../../warehouse/setup.ts'
import type { Commands } from '../commands.ts'
import type { Context } from '../context.ts'
import type { AgreedFix } from '../overlay.ts'
import { toProblem } from '../problem.ts'
import { selectMendable } from '../selectors/checks.ts'
import { lookAtStep } from './look-at-setup.ts'

const repairMs = 300_000
/** A repair that keeps to its deadline says better what it waited for. */
const mendMs = repairMs + 10_000

type MendCommands = Pick<Commands, 'mend' | 'mendNow'>

/** Commands that put right outside of this machine what a check of Setup found missing. */
export const createMendCommands = (context: Context, checkAgain: () => Promise<void>): MendCommands => {
  const { ports, calls, put, tell, getState } = context
  let busy = false

  const say = (text: string): void =>
    tell({ type: 'message/shown', message: { text, tone: 'info', at: ports.clock() } })

  /** Work that is true at its end leads to new checks, unless the demo is open. */
  const oneAtATime = async (work: () => Promise<boolean | undefined>): Promise<void> => {
    if (busy)
      throw new AppError({ what: 'The last F has not come to its end.', next: ['Wait for it.'], kind: 'refused' })
    busy = true
    let again: boolean | undefined
    try {
      again = await work()
    } finally {
      busy = false
      context.inbox.flush()
    }
    if (again === true && context.session() === undefined) await checkAgain()
  }

  const withStep = async <T>(id: string | undefined, use: (step: SetupStep) => Promise<T>): Promise<T | undefined> => {
    const setup = await ports.openSetup?.(context.config())
    const step = setup?.steps.find((one) => one.id === id)
    try {
      return step === undefined ? undefined : await use(step)
    } finally {
      setup?.close()
    }
  }

  /** The repair that is needed now; somebody may have put it right elsewhere since it was seen. */
  const needed = async (step: SetupStep): Promise<Repair | undefined> => {
    const seen = await lookAtStep(context, step)
    context.inbox.flush()
    if (!('problem' in seen)) say(`${step.title}: nothing is missing any more.`)
    return 'problem' in seen ? seen.repair : undefined
  }

  /** A look takes its time: what was opened meanwhile is not covered by a question that Enter would answer. */
  const ask = (id: string, { title, changes }: Repair): void => {
    const { current, paused, overlay, setup } = getState()
    if (current !== 'setup' || paused || overlay?.kind === 'confirm') return
    if (setup.mode !== 'open' && setup.problem === undefined) return
    tell({
      type: 'overlay/opened',
      overlay: {
        kind: 'confirm',
        command: { does: 'fix', fix: { step: id, changes } },
        question: `${title.charAt(0).toUpperCase()}${title.slice(1)}?`,
        why: `${changes.join('; ')}. Nothing else is changed.`,
        yes: 'do it',
        no: 'not now',
      },
    })
  }

  const run = async ({ id, title }: SetupStep, repair: Repair): Promise<void> => {
    const about = { id, title, startedAt: ports.clock() }
    const onStep = (detail: string): void =>
      put({ type: 'check/changed', check: { ...about, state: 'running', detail } })
    onStep(repair.title)
    try {
      say(
        `${title}: ${await calls.call(title, mendMs, (call) => repair.run({ ...call, deadlineMs: repairMs, onStep }))}.`,
      )
    } catch (thrown) {
      put({
        type: 'check/changed',
        check: { ...about, state: 'problem', problem: toProblem(thrown), repair: repair.title },
      })
      throw thrown
    }
  }

  /** Does what was agreed to; another change than that is asked for instead, and false returned. */
  const work = async (step: SetupStep, agreed: AgreedFix, open: boolean): Promise<boolean> => {
    const repair = await needed(step)
    if (repair === undefined) return true
    if (repair.changes.join() !== agreed.changes.join()) {
      const problem = getState().setup.checks.find(({ id }) => id === step.id)?.problem
      if (!open && problem !== undefined) put({ type: 'opening/failed', problem })
      context.inbox.flush()
      ask(step.id, repair)
      return false
    }
    await run(step, repair)
    if (open) await lookAtStep(context, step)
    return true
  }

  return {
    mend: () =>
      oneAtATime(() =>
        withStep(selectMendable(getState())?.id, async (step) => {
          const repair = await needed(step)
          if (repair !== undefined) ask(step.id, repair)
          return repair === undefined
        }),
      ),
    mendNow: (agreed) =>
      oneAtATime(async () => {
        const open = context.session() !== undefined
        // meanwhile nothing is checked again
        if (!open) put({ type: 'preparing/requested', now: ports.clock() })
        const again = await withStep(agreed.step, (step) => work(step, agreed, open)).catch((thrown: unknown) => {
          if (!open) put({ type: 'opening/failed', problem: toProblem(thrown) })
          throw thrown
        })
        return again ?? true
      }),
  }
}
