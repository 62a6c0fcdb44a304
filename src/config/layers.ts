import { AppError } from '../core/errors.ts'
import type { ConfigKey } from './key.ts'
import { keys, sections } from './schema.ts'
import type { YamlDocument } from './yaml.ts'

/** A value and where it came from. */
export interface Given {
  readonly value: unknown
  /** `config.yaml:3`, `--project-id`, `BBQ_PROJECT_ID`. */
  readonly origin: string
}

/** Values by the path of their key, from one source. */
export type Layer = ReadonlyMap<string, Given>

export interface UnknownKey {
  readonly path: string
  readonly origin: string
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const keyByPath = new Map(keys.map((key) => [key.path, key]))
const branches = new Set(
  keys.flatMap(({ path }) => path.split('.').map((_, depth, words) => words.slice(0, depth).join('.'))),
)

/** The keys of a file; a section or key without a value counts as not given. */
export const fileLayer = (
  document: YamlDocument,
  file: string,
): { readonly layer: Layer; readonly unknown: readonly UnknownKey[] } => {
  const layer = new Map<string, Given>()
  const unknown: UnknownKey[] = []
  const walk = (path: string, value: unknown): void => {
    const origin = `${file}:${document.lines.get(path) ?? 1}`
    if (value === null || value === undefined || value === '') {
      if (!branches.has(path) && !keyByPath.has(path)) unknown.push({ path, origin })
    } else if (keyByPath.has(path)) layer.set(path, { value, origin })
    else if (!branches.has(path)) unknown.push({ path, origin })
    else if (isMap(value))
      for (const [name, child] of Object.entries(value)) walk(path === '' ? name : `${path}.${name}`, child)
    else throw notASection(path, value, origin, file)
  }
  walk('', document.value)
  return { layer, unknown }
}

const notASection = (path: string, value: unknown, origin: string, file: string): AppError =>
  path === ''
    ? new AppError({
        what: `${file} is ${JSON.stringify(value).slice(0, 40)}, not a list of sections.`,
        next: [`Write sections such as ${sections[0]?.name}: with their keys below, as config.yaml.example does.`],
        kind: 'usage',
      })
    : new AppError({
        what: `${origin}: ${path} is ${JSON.stringify(value).slice(0, 40)}, not a section.`,
        next: [`Write its keys below it, each on a line of its own, as config.yaml.example does.`],
        kind: 'usage',
      })

/** The keys that the environment sets; an empty variable counts as not set. */
export const envLayer = (env: Readonly<Record<string, string | undefined>>): Layer => {
  const layer = new Map<string, Given>()
  for (const key of keys) {
    const name = key.env.find((candidate) => env[candidate] !== undefined && env[candidate] !== '')
    if (name === undefined || key.kind === 'structure') continue
    const port = name === 'BACALHAU_API_HOST' ? env['BACALHAU_API_PORT'] : undefined
    layer.set(key.path, { value: fromText(key, withPort(env[name] ?? '', port)), origin: name })
  }
  return layer
}

const withPort = (host: string, port: string | undefined): string =>
  port === undefined || port === '' || /:\d+\/?$/.test(host) ? host : `${host}:${port}`

/** The keys that flags set, by path. */
export const flagLayer = (flags: Readonly<Record<string, string>>): Layer =>
  new Map(
    keys.flatMap((key) => {
      const text = flags[key.path]
      return text === undefined ? [] : [[key.path, { value: fromText(key, text), origin: key.flag }] as const]
    }),
  )

/** Text of a flag, a variable or an answer as the key's type; what does not fit stays text and is refused by the schema. */
export const fromText = (key: ConfigKey, text: string): unknown => {
  const trimmed = text.trim()
  if (key.kind === 'number' && trimmed !== '' && Number.isFinite(Number(trimmed))) return Number(trimmed)
  if (key.kind === 'boolean') return toBoolean(trimmed)
  if (key.kind === 'list')
    return trimmed
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
  return trimmed
}

const toBoolean = (text: string): unknown => {
  if (/^(true|yes|y|on|1)$/i.test(text)) return true
  if (/^(false|no|n|off|0)$/i.test(text)) return false
  return text
}
