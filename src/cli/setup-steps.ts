import { setTimeout as pause } from 'node:timers/promises'
import { AppError, toAppError } from '../core/errors.ts'
import type { Repair, Seen, SetupStep } from '../warehouse/setup.ts'
import type { Asker } from './asker.ts'
import { withRepair } from './doctor-warehouse.ts'
import { type Finding, findingText, notLookedAt } from './finding.ts'
import type { Call } from './verb.ts'

export interface StepWish {
  readonly createProject?: boolean
  readonly enableApis?: boolean
  readonly grant?: boolean
  /** Agrees to all three. */
  readonly yes?: boolean
  /** Milliseconds in which somebody may put right by hand what is missing. */
  readonly wait?: number
  /** Make dataset and tables without a question. */
  readonly create: boolean
}

/** What a step came to, and what was changed for it. */
export interface StepFinding extends Finding {
  readonly done?: string
  readonly commands?: readonly string[]
}

const callMs = 30_000
/** Operations and grants of Google's take minutes. */
const repairMs = 300_000
const againMs = 5_000

const agreedBy = ({ createProject, enableApis, grant, yes, create }: StepWish, repair: Repair): boolean => {
  switch (repair.flag) {
    case '--create-project':
      return yes === true || createProject === true
    case '--enable-apis':
      return yes === true || enableApis === true
    case '--grant':
      return yes === true || grant === true
    default:
      return create
  }
}

const lookAt = (step: SetupStep, { context }: Call): Promise<Seen> =>
  step.look({ signal: context.signal, deadlineMs: callMs }).catch((thrown: unknown) => {
    const problem = toAppError(thrown)
    if (problem.kind === 'interrupted') throw problem
    return { problem }
  })

const findingOf = ({ id, title }: SetupStep, seen: Seen): Finding =>
  'problem' in seen
    ? { id, title, error: withRepair(seen.problem, seen.repair), goesOn: false }
    : { id, title, detail: seen.detail, goesOn: true, ...(seen.next === undefined ? {} : { next: seen.next }) }

/** What a question is about: the finding without what could be done by hand, which stands below it. */
const headOf = (finding: Finding): Finding => {
  const { next: _, error, ...rest } = finding
  if (error === undefined) return rest
  const { what, why, kind } = error
  return { ...rest, error: new AppError({ what, kind, ...(why === undefined ? {} : { why }) }) }
}

const showChange = (call: Call, { changes, lines }: Repair): void => {
  for (const change of changes) call.say(`         ${change}`)
  for (const line of lines) call.say(`           by hand: ${line}`)
}

const isYes = (text: string | undefined): boolean => /^y(es)?$/i.test((text ?? '').trim())

/** Repairs what was agreed to; what was done, or undefined when nothing was tried. */
const repair = async (
  call: Call,
  asker: Asker | undefined,
  seen: Seen,
  wish: StepWish,
  showHead: () => void,
): Promise<string | undefined> => {
  const found = seen.repair
  if (found === undefined) return undefined
  if (!agreedBy(wish, found)) {
    if (asker === undefined) return undefined
    showHead()
    showChange(call, found)
    if (!isYes(await asker.ask(`         ${capital(found.title)}? [y/N] `))) return undefined
  } else showChange(call, { ...found, lines: [] })
  const { signal } = call.context
  return found.run({ signal, deadlineMs: repairMs, onStep: (text) => call.say(`         ${text} …`) })
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

/** Whether to look again at what a person puts right elsewhere. */
const lookAgain = async (call: Call, asker: Asker | undefined, until: number): Promise<boolean> => {
  if (asker !== undefined) {
    const answer = await asker.ask('         Enter looks again, s goes on without it: ')
    return answer !== undefined && answer.trim() === ''
  }
  if (performance.now() >= until) return false
  await pause(Math.min(againMs, until - performance.now()), undefined, { signal: call.context.signal }).catch(() => {
    throw toAppError(call.context.signal.reason)
  })
  return true
}

/** Looks at one step, repairs it where that was agreed to, and looks again until it is right or given up. */
const takeStep = async (
  call: Call,
  asker: Asker | undefined,
  step: SetupStep,
  wish: StepWish,
  show: (finding: StepFinding) => void,
): Promise<StepFinding> => {
  const until = performance.now() + (wish.wait ?? 0)
  let done: string | undefined
  let declined = false
  for (let looks = 0; ; looks += 1) {
    let seen = await lookAt(step, call)
    const mends = done === undefined && looks === 0
    const ask = (): void => {
      declined = true
      show(headOf(findingOf(step, seen)))
    }
    try {
      const outcome = mends ? await repair(call, asker, seen, wish, ask) : undefined
      if (outcome !== undefined) {
        done = outcome
        declined = false
        seen = await lookAt(step, call)
      }
    } catch (thrown) {
      const problem = toAppError(thrown)
      if (problem.kind === 'interrupted') throw problem
      declined = false
      seen = { problem }
    }
    const finding: StepFinding = {
      ...findingOf(step, seen),
      ...(done === undefined ? {} : { done }),
      ...(seen.repair === undefined ? {} : { commands: seen.repair.lines }),
    }
    // what got a no was told with its question
    const told = declined && looks === 0
    if (finding.error === undefined) {
      if (!told) show(finding)
      return finding
    }
    if (!told && (looks === 0 || asker !== undefined)) show(finding)
    if (looks === 0 && asker === undefined && (wish.wait ?? 0) > 0) call.say('         waiting until it is put right …')
    if (!(await lookAgain(call, asker, until))) return finding
  }
}

/** Takes the steps in order; one that cannot be looked at before another is right is left out, and says so. */
export const takeSteps = async (
  call: Call,
  asker: Asker | undefined,
  steps: readonly SetupStep[],
  wish: StepWish,
): Promise<readonly StepFinding[]> => {
  const width = Math.max(0, ...steps.map(({ title }) => title.length))
  const findings: StepFinding[] = []
  const show = (finding: StepFinding): void => {
    const { done, detail } = finding
    const told = done === undefined ? finding : { ...finding, detail: `${detail ?? ''} (${done})` }
    const text = findingText(told, width, (call.json ? call.context.stderr : call.context.stdout).columns)
    if (call.json) call.say(text)
    else call.print(text)
  }
  for (const step of steps) {
    const blocked = notLookedAt(step, findings)
    if (blocked !== undefined) show(blocked)
    findings.push(blocked ?? (await takeStep(call, asker, step, wish, show)))
  }
  return findings
}
