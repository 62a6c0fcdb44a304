import { type AppError, exitCodes, toAppError } from '../core/errors.ts'
import { sanitize } from '../core/sanitize.ts'
import type { DoctorCheck } from './doctor-check.ts'
import { doctorChecks } from './doctor-checks.ts'
import { configOf } from './options.ts'
import type { Call, Verb } from './verb.ts'

interface Finding {
  readonly id: string
  readonly title: string
  readonly detail?: string
  readonly error?: AppError
  /** False when what comes after it is not looked at. */
  readonly goesOn: boolean
  /** Title of the check that has to be put right before this one is looked at. */
  readonly first?: string
}

const findingJson = ({ id, title, detail, error, goesOn }: Finding): unknown => ({
  id,
  title,
  ok: error === undefined && goesOn,
  detail: detail ?? null,
  problem: error === undefined ? null : { what: error.what, why: error.why ?? null, next: error.next },
})

const find = async ({ id, title, after, run }: DoctorCheck, earlier: readonly Finding[]): Promise<Finding> => {
  const needed = earlier.find((finding) => finding.id === after)
  if (needed?.goesOn === false) {
    const first = needed.first ?? needed.title
    return { id, title, detail: `not checked: ${first} first`, goesOn: false, first }
  }
  try {
    const verdict = await run()
    return typeof verdict === 'string'
      ? { id, title, detail: verdict, goesOn: true }
      : { id, title, error: verdict.fault, goesOn: true }
  } catch (thrown) {
    return { id, title, error: toAppError(thrown), goesOn: false }
  }
}

const clean = (text: string): string => sanitize(text.replaceAll(/\s*\n\s*/g, ' '))

const findingText = ({ title, detail, error, goesOn }: Finding, width: number): string => {
  const line = (mark: string, head: string, text: string): string =>
    `${mark.padEnd(9)}${head.padEnd(width + 2)}${clean(text)}`
  if (error === undefined) return line(goesOn ? 'ok' : '-', `${title}:`, detail ?? '')
  return [
    line('problem', `${title}:`, error.what),
    ...(error.why === undefined ? [] : [line('', '  why', error.why)]),
    ...error.next.map((step) => line('', '  next', step)),
  ].join('\n')
}

const doctor = async (call: Call): Promise<number> => {
  const config = configOf(call, call.context.env)
  const { checks, close } = doctorChecks(call, config)
  const width = Math.max(...checks.map(({ title }) => title.length))
  const findings: Finding[] = []
  try {
    for (const check of checks) {
      call.context.signal.throwIfAborted()
      const finding = await find(check, findings)
      findings.push(finding)
      if (!call.json) call.print(findingText(finding, width))
    }
  } finally {
    await close()
  }
  const ok = findings.every(({ error }) => error === undefined)
  if (call.json) call.print(JSON.stringify({ ok, checks: findings.map(findingJson) }, null, 2))
  for (const notice of config.notices) call.say(notice)
  const [first] = findings.flatMap(({ error }) => error ?? [])
  return first === undefined ? 0 : exitCodes[first.kind]
}

/** `bbq doctor`: checks what a run needs, each with its next step. */
export const doctorVerb: Verb = (program, act) => {
  program.command('doctor').description('checks what a run needs').action(act(doctor))
}
