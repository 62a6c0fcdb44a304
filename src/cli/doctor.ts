import { type AppError, exitCodes, toAppError } from '../core/errors.ts'
import { doctorChecks } from './doctor-checks.ts'
import { configOf } from './options.ts'
import { renderError } from './print-error.ts'
import type { Call, Verb } from './verb.ts'

interface Finding {
  readonly id: string
  readonly title: string
  readonly detail?: string
  readonly error?: AppError
}

const findingJson = ({ id, title, detail, error }: Finding): unknown => ({
  id,
  title,
  ok: error === undefined,
  detail: detail ?? null,
  problem: error === undefined ? null : { what: error.what, why: error.why ?? null, next: error.next },
})

const doctor = async (call: Call): Promise<number> => {
  const config = configOf(call, call.context.env)
  const findings: Finding[] = []
  for (const { id, title, run } of doctorChecks) {
    try {
      findings.push({ id, title, detail: await run(call, config) })
    } catch (thrown) {
      findings.push({ id, title, error: toAppError(thrown) })
    }
  }
  if (call.json) {
    const ok = findings.every((finding) => finding.error === undefined)
    call.print(JSON.stringify({ ok, checks: findings.map(findingJson) }, null, 2))
  } else
    for (const { title, detail, error } of findings)
      call.print(
        error === undefined ? `ok       ${title}: ${detail}` : `problem  ${title}: ${renderError(error, false)}`,
      )
  for (const notice of config.notices) call.say(notice)
  const [first] = findings.flatMap((finding) => finding.error ?? [])
  return first === undefined ? 0 : exitCodes[first.kind]
}

/** `bbq doctor`: checks what a run needs, each with its next step. */
export const doctorVerb: Verb = (program, act) => {
  program.command('doctor').description('checks what a run needs').action(act(doctor))
}
