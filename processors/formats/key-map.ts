import { AppError } from '../../src/core/errors.ts'
import { apacheTemplate } from './notations/apache.ts'
import { envoyTemplate } from './notations/envoy.ts'
import { nginxTemplate } from './notations/nginx.ts'
import type { DurationUnit, FieldKind } from './template.ts'

/** Where in an object a field stands: each way a list of keys, the first that is there wins. */
interface KeyedField {
  readonly kind: FieldKind
  readonly unit?: DurationUnit
  readonly paths: readonly (readonly string[])[]
}

export type KeyMap = readonly KeyedField[]

const kinds: Readonly<Record<string, FieldKind | readonly ['duration', DurationUnit]>> = {
  client: 'client',
  user: 'user',
  time: 'time',
  request: 'request',
  method: 'method',
  path: 'path',
  query: 'query',
  protocol: 'protocol',
  status: 'status',
  size: 'size',
  referer: 'referer',
  agent: 'agent',
  host: 'host',
  duration_s: ['duration', 's'],
  duration_ms: ['duration', 'ms'],
  duration_us: ['duration', 'us'],
  duration_ns: ['duration', 'ns'],
  forwarded: 'forwarded',
}

/** `{"client": "request.client_ip|remote_ip", …}`, or the JSON text of a server's own config with its variables. */
export const compileKeyMap = (text: string): KeyMap => {
  const pairs = leaves(parse(text), [])
  const own = pairs.every(
    ([path, value]) => path.length === 1 && !/[$%]/.test(value) && kinds[path[0] ?? ''] !== undefined,
  )
  const fields = own ? pairs.map(([[name = ''], value]) => ownField(name, value)) : pairs.flatMap(serverField)
  if (!fields.some(({ kind }) => kind === 'status'))
    throw new AppError({
      what: `The format ${shortened(text)} names no status.`,
      why: 'A request without its status is no row.',
      next: [
        'Give the key map of the log, such as {"client": "ip", "time": "ts", "request": "req", "status": "code"}.',
      ],
      kind: 'usage',
    })
  return fields
}

const ownField = (name: string, value: string): KeyedField => {
  const kind = kinds[name] as FieldKind | readonly ['duration', DurationUnit]
  const paths = value.split('|').map((path) => path.trim().split('.'))
  return typeof kind === 'string' ? { kind, paths } : { kind: kind[0], unit: kind[1], paths }
}

/** A key whose value is one variable of nginx, Apache or Envoy. */
const serverField = ([path, value]: readonly [readonly string[], string]): readonly KeyedField[] => {
  const template = value.includes('$')
    ? nginxTemplate(value)
    : /%[A-Z_]{3,}/.test(value)
      ? envoyTemplate(value)
      : apacheTemplate(value)
  const fields = template.filter((piece) => typeof piece === 'object')
  // fields of one value in a row are a target, or no field of bbq's
  const [field] = fields
  if (field === undefined || field.kind === 'ignored' || (fields.length > 1 && field.kind !== 'path')) return []
  return [{ kind: field.kind, ...(field.unit === undefined ? {} : { unit: field.unit }), paths: [path] }]
}

const leaves = (value: unknown, path: readonly string[]): readonly (readonly [readonly string[], string])[] => {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
}

/** Servers' texts have bare variables where numbers will stand. */
const parse = (text: string): unknown => {
  const quoted = text
    .replaceAll('\\"', '"')
    .replace(/([:,[]\s*)(\$\{?\w+\}?|%[^",}\]\s]+)(?=\s*[,}\]])/g, '$1"$2"')
    .replace(/,(\s*\})/g, '$1')
  try {
    return JSON.parse(quoted)
  } catch (thrown) {
    throw new AppError({
      what: `The format ${shortened(text)} is no JSON object.`,
      why: `${thrown instanceof Error ? thrown.message : String(thrown)}.`,
      next: ['Copy the whole text from { to } as it stands in the config of the server.'],
      kind: 'usage',
    })
  }
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text)
