import { misfit } from './check.ts'
import type { Config } from './config.ts'
import type { ConfigKey } from './key.ts'
import { fromText } from './layers.ts'
import { keys } from './schema.ts'

/** One question of the wizard. */
export interface Question {
  /** Path of the key that the answer sets: `project.id`. */
  readonly key: string
  readonly question: string
  readonly help: string
  /** What an empty answer means; empty when there is nothing to fall back on. */
  readonly default: string
  /** The flag that gives the same answer. */
  readonly flag: string
  readonly choices?: readonly string[]
  /** Why the answer does not fit, or undefined; an empty answer takes the default. */
  readonly check: (answer: string) => string | undefined
}

const toQuestion = (key: ConfigKey): Question => ({
  key: key.path,
  question: key.meta.question ?? key.path,
  help: key.meta.help,
  default: key.default === undefined ? '' : String(key.default),
  flag: key.flag,
  ...(key.kind === 'boolean' ? { choices: ['true', 'false'] } : {}),
  check: (answer) => {
    if (answer.trim() === '') return undefined
    const why = misfit(key, fromText(key, answer))
    return why === undefined ? undefined : `${key.path} ${why}.`
  },
})

/** The questions in the order in which they are asked. */
export const questions: readonly Question[] = keys.filter((key) => key.meta.question !== undefined).map(toQuestion)

/** The answers that a config file gives already, as texts by key. */
export const answersIn = (config: Config): Readonly<Record<string, string>> => {
  const { file, origins } = config
  const given = questions.filter(({ key }) => file !== undefined && origins[key]?.startsWith(`${file}:`))
  return Object.fromEntries(given.map(({ key }) => [key, String(valueAt(config, key))]))
}

const valueAt = (config: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : ''),
      config,
    )
