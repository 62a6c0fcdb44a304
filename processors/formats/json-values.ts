import type { KeyMap } from './key-map.ts'
import type { DurationUnit, FieldKind } from './template.ts'
import type { Values } from './to-event.ts'

/** The fields of a line of JSON, or undefined where it is none of this key map. */
export const jsonValues = (line: string, keys: KeyMap): Values | undefined => {
  const object = parsed(line)
  if (object === undefined) return undefined
  const fields: Partial<Record<FieldKind, string>> = {}
  let unit: DurationUnit | undefined
  for (const { kind, unit: itsUnit, paths } of keys) {
    if (fields[kind] !== undefined) continue
    for (const path of paths) {
      const text = textOf(valueAt(object, path))
      if (text === undefined || (text === '' && fields[kind] !== undefined)) continue
      fields[kind] = text
      if (kind === 'duration') unit = itsUnit
      if (text !== '') break
    }
  }
  // a path beside a whole request is often what it was rewritten to, without its query
  if (fields.request !== undefined && / HTTP\/[\d.]+$/.test(fields.request)) {
    for (const kind of ['method', 'path', 'query', 'protocol'] as const) delete fields[kind]
  } else if (fields.path?.includes('?')) delete fields.query
  const isRequest = fields.path !== undefined || fields.request !== undefined
  const needsTime = keys.some(({ kind }) => kind === 'time')
  const isWhole = isRequest && fields.status !== undefined && (!needsTime || fields.time !== undefined)
  return isWhole && (fields.size === undefined || /^\d*$|^-$/.test(fields.size)) ? { fields, unit } : undefined
}

let lastLine = ''
let lastObject: unknown

/** One line is asked for once a format: its object is kept. */
const parsed = (line: string): object | undefined => {
  if (line !== lastLine) {
    lastLine = line
    try {
      lastObject = JSON.parse(line)
    } catch {
      lastObject = withoutHex(line)
    }
  }
  return typeof lastObject === 'object' && lastObject !== null ? lastObject : undefined
}

/** nginx writes `\xHH` where it was not asked for `escape=json`: it stays in the text as in its other formats. */
const withoutHex = (line: string): unknown => {
  if (!line.includes('\\x')) return undefined
  try {
    return JSON.parse(line.replace(/\\([\s\S])/g, (whole, next) => (next === 'x' ? '\\\\x' : whole)))
  } catch {
    return undefined
  }
}

/** The value under a list of keys; a key may hold dots itself. */
const valueAt = (object: unknown, path: readonly string[]): unknown => {
  let value = object
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return value ?? (path.length > 1 ? (object as Readonly<Record<string, unknown>>)[path.join('.')] : undefined)
}

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  return Array.isArray(value) && typeof value[0] === 'string' ? value.join(', ') : undefined
}
