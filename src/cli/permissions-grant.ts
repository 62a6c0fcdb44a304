import { AppError, exitCodes } from '../core/errors.ts'
import { jsonText } from '../core/json.ts'
import type { Desk } from '../warehouse/bigquery/rights/desk.ts'
import { type Grant, planGrants } from '../warehouse/bigquery/rights/grants.ts'
import { awaitGrants, makeGrants } from '../warehouse/bigquery/rights/make-grants.ts'
import { roleNames } from '../warehouse/bigquery/rights/wanted.ts'
import { askYes } from './ask.ts'
import { configOf } from './options.ts'
import { codeOf, type Looked, lookAt } from './permissions-check.ts'
import { openDeskOf } from './permissions-desks.ts'
import { renderError } from './print-error.ts'
import type { Call } from './verb.ts'

export interface GrantWish {
  readonly yes?: boolean
  /** Milliseconds in which a grant must have arrived; two minutes when not given. */
  readonly wait?: number
}

type Outcome = 'granted' | 'not seen yet' | 'by hand'

const callMs = 60_000
const waitMs = 120_000

const planOf = (desks: readonly Desk[], looks: readonly Looked[]): readonly Grant[] => {
  const place = desks[0]?.service.place
  const seen = looks.flatMap((looked) => ('rights' in looked ? [looked.rights] : []))
  const all = place === undefined ? [] : seen.flatMap((rights) => planGrants(place, rights))
  // both may be one account
  const plan = all.filter(({ change }, i) => all.findIndex((one) => one.change === change) === i)
  const gone = seen.some(({ role, datasetMissing }) => role === 'operator' && datasetMissing)
  if (gone && plan.some(({ on }) => on === 'dataset'))
    throw new AppError({
      what: `The dataset ${place?.project}.${place?.dataset} is not there, so nobody can be given Data Editor on it.`,
      next: ['Make it, then grant: bbq tables confirm', 'Or all in one go: bbq setup'],
      kind: 'refused',
    })
  return plan
}

const show = (call: Call, plan: readonly Grant[]): void => {
  call.say('This would be changed, and nothing else:')
  for (const { change } of plan) call.say(`  ${change}`)
  call.say('The same by hand:')
  for (const { line } of plan) call.say(`  ${line}`)
}

const agreed = async ({ context }: Call, count: number, yes: boolean): Promise<boolean> => {
  if (yes) return true
  if (context.stdin.isTTY !== true)
    throw new AppError({
      what: 'Nothing was granted.',
      why: 'Without a terminal nobody can be asked.',
      next: ['Add --yes to make the change that is shown above.'],
      kind: 'usage',
    })
  return askYes(context, count === 1 ? 'Make this grant?' : `Make these ${count} grants?`)
}

const print = (call: Call, plan: readonly Grant[], outcome: (grant: Grant) => Outcome): void => {
  if (call.json)
    call.print(
      jsonText(
        {
          ok: plan.every((grant) => outcome(grant) === 'granted'),
          grants: plan.map((grant) => ({
            account: grant.account,
            email: grant.email ?? null,
            role: roleNames[grant.role].iam,
            on: grant.on,
            outcome: outcome(grant),
            command: grant.line,
          })),
        },
        2,
      ),
    )
  else for (const grant of plan) call.print(`${outcome(grant)}: ${grant.change}`)
}

const grantAll = async (call: Call, desks: readonly Desk[], { yes, wait = waitMs }: GrantWish): Promise<number> => {
  const { signal } = call.context
  const all: Looked[] = []
  for (const desk of desks) all.push(await lookAt(desk, signal))
  for (const looked of all)
    if ('problem' in looked) call.say(`${looked.role}: ${renderError(looked.problem, call.debug).trimEnd()}`)
  if (all.some((looked) => 'problem' in looked)) return codeOf(all)
  const plan = planOf(desks, all)
  const [operator] = desks
  if (plan.length === 0 || operator === undefined) {
    print(call, [], () => 'granted')
    call.say('Nothing is missing: both accounts have all that the demo needs.')
    return 0
  }
  const known = plan.filter(({ email }) => email !== undefined)
  show(call, plan)
  if (known.length < plan.length)
    call.say('A login of gcloud does not tell its address, so its grant is made by hand, with YOUR-ADDRESS filled in.')
  if (known.length > 0 && !(await agreed(call, known.length, yes === true))) {
    call.say('Nothing was changed.')
    return exitCodes.refused
  }
  await makeGrants(operator, known, { signal, deadlineMs: callMs })
  if (known.length > 0) call.say('Made. A grant may take some minutes to be seen …')
  const late = new Set<string>()
  const over = performance.now() + wait
  for (const desk of desks) {
    const own = known.filter(({ account }) => account === desk.role)
    if (
      own.length > 0 &&
      !(await awaitGrants(desk, own, { signal, deadlineMs: Math.max(1, over - performance.now()) }))
    )
      late.add(desk.role)
  }
  print(call, plan, ({ email, account }) =>
    email === undefined ? 'by hand' : late.has(account) ? 'not seen yet' : 'granted',
  )
  if (late.size > 0) call.say('Look again in some minutes: bbq permissions check')
  return late.size > 0 || known.length < plan.length ? exitCodes.refused : 0
}

/** `bbq permissions grant`: gives both accounts what they lack, after it was shown and agreed to. */
export const grantPermissions = async (call: Call, wish: GrantWish): Promise<number> => {
  const config = configOf(call, call.context.env)
  const desks: Desk[] = []
  try {
    for (const role of ['operator', 'uploader'] as const) desks.push(await openDeskOf(config, role, call.context))
    return await grantAll(call, desks, wish)
  } finally {
    for (const desk of desks) desk.close()
  }
}
