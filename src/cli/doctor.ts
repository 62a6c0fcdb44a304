import { exitCodes } from '../core/errors.ts'
import { jsonText } from '../core/json.ts'
import { doctorChecks } from './doctor-checks.ts'
import { type Finding, find, findingJson, findingText } from './finding.ts'
import { configOf } from './options.ts'
import type { Call, Verb } from './verb.ts'

const doctor = async (call: Call): Promise<number> => {
  const config = configOf(call, call.context.env)
  const { checks, close } = await doctorChecks(call, config)
  const width = Math.max(...checks.map(({ title }) => title.length))
  const findings: Finding[] = []
  try {
    for (const check of checks) {
      call.context.signal.throwIfAborted()
      const finding = await find(check, findings)
      findings.push(finding)
      if (!call.json) call.print(findingText(finding, width, call.context.stdout.columns))
    }
  } finally {
    await close()
  }
  const ok = findings.every(({ error }) => error === undefined)
  if (call.json) call.print(jsonText({ ok, checks: findings.map(findingJson) }, 2))
  for (const notice of config.notices) call.say(notice)
  const [first] = findings.flatMap(({ error }) => error ?? [])
  return first === undefined ? 0 : exitCodes[first.kind]
}

/** `bbq doctor`: checks what a run needs, each with its next step. */
export const doctorVerb: Verb = (program, act) => {
  program.command('doctor').description('checks what a run needs').action(act(doctor))
}
