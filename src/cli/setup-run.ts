import type { Config } from '../config/config.ts'
import { type Saved, saveConfig } from '../config/save.ts'
import { unsupported } from '../config/supported.ts'
import { AppError, exitCodes } from '../core/errors.ts'
import { jsonText } from '../core/json.ts'
import { type Asker, openAsker } from './asker.ts'
import { findingJson } from './finding.ts'
import { configOf } from './options.ts'
import { openSetupOf } from './setup-port.ts'
import { askQuestions } from './setup-questions.ts'
import { type StepFinding, type StepWish, takeSteps } from './setup-steps.ts'
import type { Call } from './verb.ts'

export interface SetupWish extends Omit<StepWish, 'create'> {
  readonly interactive?: boolean
  readonly parent?: string
}

const needsTerminal = (): AppError =>
  new AppError({
    what: 'setup -i asks on a terminal, and there is none.',
    next: [
      'Leave -i out: every answer has a flag, such as --project-id PROJECT, --create-project or --yes.',
      'All of them: bbq setup --help',
    ],
    kind: 'usage',
  })

/** Writes the answers, or the settings given as flags, into the config file. */
const save = async (call: Call, asker: Asker | undefined, config: Config): Promise<Saved | undefined> => {
  const answers = asker === undefined ? call.flags : { ...call.flags, ...(await askQuestions(call, asker, config)) }
  if (Object.keys(answers).length === 0) return undefined
  const inBigquery = (answers['project.id'] ?? '') !== ''
  const kind = asker === undefined ? {} : { 'warehouse.kind': inBigquery ? 'bigquery' : 'duckdb' }
  const saved = saveConfig(call.configFile, { ...kind, ...answers })
  if (saved.same === true) call.say(`${saved.file} says so already.`)
  else
    call.say(`Wrote ${saved.file}${saved.backup === undefined ? '' : `; what it said before is in ${saved.backup}`}.`)
  return saved
}

const print = (call: Call, config: Config, saved: Saved | undefined, findings: readonly StepFinding[]): void => {
  if (!call.json) return
  call.print(
    jsonText(
      {
        ok: findings.every(({ error, goesOn }) => error === undefined && goesOn),
        config: config.file ?? null,
        backup: saved?.backup ?? null,
        warehouse: config.warehouse.kind,
        steps: findings.map((finding) => ({
          ...findingJson(finding),
          done: finding.done ?? null,
          commands: finding.commands ?? [],
        })),
      },
      2,
    ),
  )
}

const conclude = (call: Call, config: Config, findings: readonly StepFinding[]): number => {
  const bad = findings.find(({ error }) => error !== undefined)
  if (bad?.error !== undefined) {
    call.say(`Not ready yet: ${bad.title}. Put it right, then: bbq setup`)
    return exitCodes[bad.error.kind]
  }
  if (findings.length === 0)
    call.say(
      config.warehouse.kind === 'duckdb'
        ? `There is nothing to set up for the warehouse: it is a folder, ${config.warehouse.path}. For BigQuery: bbq setup --project-id PROJECT`
        : 'There is nothing to set up.',
    )
  else call.say('BigQuery is ready.')
  call.say(
    config.cluster.kind === 'bacalhau'
      ? 'The nodes are next: bbq nodes prepare, then bbq doctor.'
      : 'The demo is next: bbq, or as plain lines: bbq --plain',
  )
  return 0
}

/** `bbq setup`: writes the config, then looks at what the warehouse needs and makes what was agreed to. */
export const setUp = async (call: Call, wish: SetupWish): Promise<number> => {
  const { context } = call
  if (wish.interactive === true && context.stdin.isTTY !== true) throw needsTerminal()
  const asker = wish.interactive === true ? openAsker(context) : undefined
  try {
    const saved = await save(call, asker, configOf({ ...call, configGiven: false }, context.env))
    const config = configOf({ ...call, flags: asker === undefined ? call.flags : {} }, context.env)
    const refusal = unsupported(config)
    if (refusal !== undefined) throw refusal
    for (const notice of config.notices) call.say(notice)
    const { steps, close } = await openSetupOf(config, context, wish.parent)
    try {
      const findings = await takeSteps(call, asker, steps, { ...wish, create: config.project.create_if_missing })
      print(call, config, saved, findings)
      return conclude(call, config, findings)
    } finally {
      close()
    }
  } finally {
    asker?.close()
  }
}
