import { type AppError, exitCodes, toAppError } from '../core/errors.ts'
import { jsonText } from '../core/json.ts'
import type { Place } from '../warehouse/bigquery/place.ts'
import type { Desk, Role } from '../warehouse/bigquery/rights/desk.ts'
import { planGrants } from '../warehouse/bigquery/rights/grants.ts'
import { lackingRoles, lookAtRights, type Rights } from '../warehouse/bigquery/rights/look.ts'
import { roleNames } from '../warehouse/bigquery/rights/wanted.ts'
import { configOf } from './options.ts'
import { openDeskOf } from './permissions-desks.ts'
import { renderError } from './print-error.ts'
import { textTable } from './text-table.ts'
import type { Call } from './verb.ts'

const deadlineMs = 30_000

/** What was seen of an account, or why nothing could be. */
export type Looked =
  | { readonly role: Role; readonly rights: Rights }
  | { readonly role: Role; readonly problem: AppError }

/** Asks for one account; only what ends the program is thrown. */
export const lookAt = async (desk: Desk, signal: AbortSignal): Promise<Looked> => {
  const { role } = desk
  try {
    return { role, rights: await lookAtRights(desk, { signal, deadlineMs }) }
  } catch (thrown) {
    const problem = toAppError(thrown)
    if (problem.kind === 'interrupted') throw problem
    return { role, problem }
  }
}

const verdicts = { granted: 'yes', missing: 'missing', unknown: 'not known' } as const

const accountJson = (looked: Looked) => {
  if ('problem' in looked) {
    const { what, why, next } = looked.problem
    return { account: looked.role, ok: false, problem: { what, why: why ?? null, next } }
  }
  const { role, identity, rights } = looked.rights
  return {
    account: role,
    ok: lackingRoles(looked.rights).length === 0,
    email: identity.email ?? null,
    credentials: identity.from,
    rights: rights.map(({ role: name, permission, verdict, by, why }) => ({
      role: roleNames[name].iam,
      permission,
      verdict,
      by,
      for: why,
    })),
    problem: null,
  }
}

const printTable = (call: Call, all: readonly Looked[]): void => {
  const seen = all.flatMap((looked) => ('rights' in looked ? [looked.rights] : []))
  if (seen.length === 0) return
  call.print(
    textTable(
      [{ title: 'account' }, { title: 'role' }, { title: 'right' }, { title: 'verdict' }, { title: 'seen by' }],
      seen.flatMap(({ role, rights }) =>
        rights.map((right) => [role, roleNames[right.role].title, right.permission, verdicts[right.verdict], right.by]),
      ),
    ),
  )
}

const printBeyond = (call: Call, all: readonly Looked[]): void => {
  const operator = all.flatMap((looked) => ('rights' in looked && looked.role === 'operator' ? [looked.rights] : []))[0]
  if (operator === undefined) return
  call.print('\nOnly this needs more than Data Editor and Job User; the demo itself needs none of it:')
  call.print(
    textTable(
      [{ title: 'what' }, { title: 'operator may' }, { title: 'role that may' }],
      operator.beyond.map(({ what, verdict, role }) => [what, verdicts[verdict], role]),
    ),
  )
}

/** Lines for a person: who was asked, what is missing and what grants it. */
const tell = (call: Call, place: Place, looked: Looked): void => {
  if ('problem' in looked) {
    call.say(`${looked.role}: ${renderError(looked.problem, call.debug).trimEnd()}`)
    return
  }
  const { role, identity, datasetMissing } = looked.rights
  const lacking = lackingRoles(looked.rights)
  const name = `${role} ${identity.email ?? ''}`.trim()
  if (lacking.length === 0) {
    call.say(`${name} (${identity.from}): has all that the demo needs.`)
    return
  }
  call.say(`${name} (${identity.from}): lacks ${lacking.map((one) => roleNames[one].title).join(' and ')}.`)
  if (datasetMissing && lacking.includes('dataEditor'))
    call.say('  next  The dataset is not there yet; make it, then look again: bbq tables confirm')
  for (const { line } of planGrants(place, looked.rights)) call.say(`  next  Grant it: ${line}`)
}

/** The exit code of what was seen: unreachable before anything missing. */
export const codeOf = (all: readonly Looked[]): number => {
  const problems = all.flatMap((looked) => ('problem' in looked ? [looked.problem] : []))
  if (problems.some(({ kind }) => kind === 'unreachable')) return exitCodes.unreachable
  if (problems.length > 0) return exitCodes.refused
  return all.some((looked) => 'rights' in looked && lackingRoles(looked.rights).length > 0) ? exitCodes.refused : 0
}

/** `bbq permissions check`: what both accounts may do, and what they lack. */
export const checkPermissions = async (call: Call): Promise<number> => {
  const config = configOf(call, call.context.env)
  const { signal } = call.context
  const all: (readonly [Place, Looked])[] = []
  for (const role of ['operator', 'uploader'] as const) {
    const desk = await openDeskOf(config, role, call.context)
    try {
      all.push([desk.service.place, await lookAt(desk, signal)])
    } finally {
      desk.close()
    }
  }
  const looks = all.map(([, looked]) => looked)
  const code = codeOf(looks)
  if (call.json) {
    const operator = looks.flatMap((looked) =>
      'rights' in looked && looked.role === 'operator' ? looked.rights.beyond : [],
    )
    call.print(
      jsonText(
        {
          ok: code === 0,
          project: config.project.id,
          dataset: config.bigquery.dataset_name,
          accounts: looks.map(accountJson),
          beyond: operator.map(({ what, permission, role, verdict }) => ({
            what,
            permission: permission ?? null,
            role,
            operator: verdict,
            needed_for_demo: false,
          })),
        },
        2,
      ),
    )
    return code
  }
  printTable(call, looks)
  printBeyond(call, looks)
  for (const [place, looked] of all) tell(call, place, looked)
  if (looks.some((looked) => 'rights' in looked && lackingRoles(looked.rights).length > 0))
    call.say('All that is missing, after a question: bbq permissions grant')
  return code
}
