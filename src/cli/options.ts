import { type Command, Option } from 'commander'
import { z } from 'zod'
import { readingOf } from '../../processors/formats/reading.ts'
import type { Config } from '../config/config.ts'
import type { ConfigKey } from '../config/key.ts'
import { loadConfig } from '../config/load.ts'
import { keys } from '../config/schema.ts'
import { AppError } from '../core/errors.ts'
import type { Env } from './context.ts'

/** Options that every command takes. */
export interface CommonOptions {
  readonly json: boolean
  readonly plain: boolean
  readonly debug: boolean
  readonly stateDir: string
  readonly configFile: string
  /** True when a person named the config file. */
  readonly configGiven: boolean
  /** Texts of config flags by the path of their key. */
  readonly flags: Readonly<Record<string, string>>
}

const configOption = (key: ConfigKey): Option => {
  const option = new Option(
    `${key.flag} <${key.choices?.join(key.kind === 'list' ? ',' : '|') ?? 'value'}>`,
    key.meta.help,
  )
  return option.helpGroup('Keys of the config:')
}

const configurable = keys.filter((key) => key.kind !== 'structure')

/** Adds the options of every command to the program; they may stand before or after the verb. */
export const addCommonOptions = (program: Command): void => {
  program
    .option('--json', 'data as JSON on stdout')
    .option('--state <dir>', 'folder of nodes, tables and records', '.bbq')
    .option('--config <file>', 'config file (default: config.yaml, when there is one)')
    .option('--plain', 'the guided demo as numbered lines')
    .option('--debug', 'show where an error came from')
    .addOption(new Option('--color <when>', 'colour').choices(['always', 'auto', 'never']))
    .addOption(new Option('--no-color', 'no colour').hideHelp())
  for (const key of configurable) program.addOption(configOption(key))
}

const commonSchema = z.object({
  json: z.boolean().default(false),
  plain: z.boolean().default(false),
  debug: z.boolean().default(false),
  state: z.string(),
  config: z.string().optional(),
})

/** The options of every command out of what commander has read. */
export const commonOptions = (command: Command): CommonOptions => {
  const read: unknown = command.optsWithGlobals()
  const { json, plain, debug, state, config } = commonSchema.parse(read)
  if (state === '')
    throw new AppError({
      what: '--state is empty.',
      why: 'It names the folder that holds logs, tables and checkpoints.',
      next: ['Leave it out for .bbq, or give a folder: --state DIR'],
      kind: 'usage',
    })
  const texts = z.record(z.string(), z.unknown()).parse(read)
  const flags = configurable.flatMap((key) => {
    const text = texts[configOption(key).attributeName()]
    return typeof text === 'string' ? [[key.path, text] as const] : []
  })
  return {
    json,
    plain,
    debug,
    stateDir: state,
    configFile: config ?? 'config.yaml',
    configGiven: config !== undefined,
    flags: Object.fromEntries(flags),
  }
}

/** The config that these options and the environment name. */
export const configOf = (options: CommonOptions, env: Env): Config => {
  const config = loadConfig({
    file: options.configFile,
    required: options.configGiven,
    env,
    flags: options.flags,
    stateDir: options.stateDir,
  })
  // a format that cannot be read is told here, not by every node
  readingOf(config.logs.format)
  return config
}
