import { AppError } from '../../core/errors.ts'
import type { Repair, Seen, SetupStep } from '../../warehouse/setup.ts'
import type { Context } from '../context.ts'
import { toProblem } from '../problem.ts'
import type { Check } from '../state.ts'

const lookMs = 30_000

const checkOf = (about: Pick<Check, 'id' | 'title' | 'startedAt'>, seen: Seen): Check =>
  'problem' in seen
    ? {
        ...about,
        state: 'problem',
        problem: toProblem(withKey(seen.problem, seen.repair)),
        ...(seen.repair === undefined ? {} : { repair: seen.repair.title }),
      }
    : { ...about, state: 'ok', detail: seen.detail, ...(seen.next === undefined ? {} : { hints: seen.next }) }

/** The problem with the key that puts it right. */
const withKey = (problem: AppError, repair: Repair | undefined): AppError => {
  const { what, why, next, kind, cause } = problem
  const key = repair === undefined ? [] : ['F puts it right, and asks first.']
  return new AppError({ what, next: [...key, ...next], kind, cause, ...(why === undefined ? {} : { why }) })
}

/** Looks at one thing that the warehouse needs and shows it as a check; the repair of a problem is named there. */
export const lookAtStep = async ({ put, ports, calls }: Context, step: SetupStep): Promise<Seen> => {
  const { id, title } = step
  const about = { id, title, startedAt: ports.clock() }
  put({ type: 'check/changed', check: { ...about, state: 'running' } })
  const seen = await calls
    .call(title, lookMs, (call) => step.look(call))
    .catch((problem: unknown): { readonly thrown: unknown } => ({ thrown: problem }))
  if ('thrown' in seen) {
    put({ type: 'check/changed', check: { ...about, state: 'problem', problem: toProblem(seen.thrown) } })
    throw seen.thrown
  }
  put({ type: 'check/changed', check: checkOf(about, seen) })
  return seen
}

/** The looks that opening a warehouse makes, before it is opened and after. */
export interface SetupLooks {
  /** Rejects with the problem that stands in the way of all that follows. */
  readonly before: () => Promise<void>
  readonly after: () => Promise<void>
  readonly close: () => void
}

/** Lists what the warehouse needs among the checks of Setup. What opening mends by itself is left to that; what nothing else depends on never stops it. */
export const openLooks = async (context: Context): Promise<SetupLooks> => {
  const setup = await context.ports.openSetup?.(context.config())
  const all = setup?.steps ?? []
  const steps = all.filter(({ opens }) => opens !== true)
  const opens = all.findIndex((step) => step.opens === true)
  const early = all.slice(0, opens < 0 ? all.length : opens)
  const isNeeded = ({ id }: SetupStep): boolean => all.some(({ after }) => after === id)
  context.put({
    type: 'checks/listed',
    before: 'tables',
    checks: steps.map(({ id, title }) => ({ id, title, state: 'waiting' })),
  })
  const aside = async (some: readonly SetupStep[]): Promise<void> => {
    await Promise.allSettled(some.map((step) => lookAtStep(context, step)))
  }
  return {
    before: async () => {
      for (const step of early.filter(isNeeded)) {
        const seen = await lookAtStep(context, step)
        if ('problem' in seen) throw withKey(seen.problem, seen.repair)
      }
      await aside(early.filter((step) => !isNeeded(step)))
    },
    after: () => aside(steps.filter((step) => !early.includes(step))),
    close: () => setup?.close(),
  }
}
