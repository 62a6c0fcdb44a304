import type { CompiledFormat, TextFormat } from './compile.ts'
import type { Pattern } from './compile-pattern.ts'
import { type LogEvent, maxLineBytes, type RejectReason } from './event.ts'
import { jsonValues } from './json-values.ts'
import { holdsMarks } from './marks.ts'
import type { Moment } from './parse-time.ts'
import type { Shape } from './shape.ts'
import { standardFormats } from './standard.ts'
import type { FieldKind } from './template.ts'
import { type ClientChoice, type EventOptions, type ParsedEvent, toEvent, type Values } from './to-event.ts'
import { type Unwrapped, type Wrapper, wrappers } from './wrappers.ts'

export type ParsedLine =
  | { readonly ok: true; readonly event: LogEvent; readonly shape: Shape; readonly values: Values }
  | { readonly ok: false; readonly reason: RejectReason; readonly shape?: Shape }

export interface ParseOptions {
  /** In the order in which they are tried; the standard list when not given. */
  readonly formats?: readonly CompiledFormat[]
  readonly client?: ClientChoice
  /** When the line was read: the time of a line that has none. */
  readonly now?: Moment
}

interface Candidate extends Unwrapped {
  readonly wrappers: readonly Wrapper[]
}

/** Programs around one line at most. */
const deepest = 3

const start: Moment = { second: 0, micros: 0 }

/** One line without its line end by the exact rules: the first format of the list that it fits. Never throws. */
export const parseLine = (input: Uint8Array | string, options: ParseOptions = {}): ParsedLine => {
  const length = typeof input === 'string' ? Buffer.byteLength(input) : input.length
  if (length > maxLineBytes) return { ok: false, reason: 'too_long' }
  return parseText(typeof input === 'string' ? input : decodeUtf8(input), options)
}

/** Bytes as text; what is not UTF-8 becomes U+FFFD. */
export const decodeUtf8 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')

const parseText = (
  text: string,
  { formats = standardFormats(), client = 'auto', now = start }: ParseOptions,
): ParsedLine => {
  const whole: Candidate = { text, wrappers: [] }
  const inner = unwrapAll(whole, now)
  let refused: ParsedLine | undefined
  const attempt = ({ text: line, time, wrappers: around }: Candidate, isStrict: boolean): ParsedLine | undefined => {
    const options: EventOptions = { client, otherwise: time ?? now }
    for (const format of formats) {
      const values = valuesOf(format, line, isStrict)
      if (values === undefined) continue
      const parsed: ParsedEvent = toEvent(values, options)
      const shape: Shape = { wrappers: around, format, behind: values.behind, isStrict }
      if (parsed.ok) return { ok: true, event: parsed.event, shape, values }
      refused ??= { ok: false, reason: parsed.reason, shape }
    }
    return undefined
  }
  const found = firstOf([whole, ...inner], (candidate) => attempt(candidate, true))
  if (found !== undefined) return found
  if (refused !== undefined) return refused
  // a user's name with blanks lets a wrapped line look like one that is not, so the innermost comes first
  return firstOf([...inner.toReversed(), whole], (candidate) => attempt(candidate, false)) ?? refused ?? noMatch
}

const noMatch: ParsedLine = { ok: false, reason: 'no_match' }

const firstOf = <Item, Found>(items: readonly Item[], find: (item: Item) => Found | undefined): Found | undefined => {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}

/** What is inside of everything that other programs put around a line. */
export const innermost = (text: string, now: Moment): string =>
  unwrapAll({ text, wrappers: [] }, now).at(-1)?.text ?? text

/** What is inside of a line, the outermost first. */
const unwrapAll = (whole: Candidate, now: Moment): readonly Candidate[] => {
  const found: Candidate[] = []
  let current = whole
  for (let depth = 0; depth < deepest; depth++) {
    const next = firstOf(wrappers, (wrapper) => {
      const inside = wrapper.unwrap(current.text, now)
      return inside && { ...inside, time: inside.time ?? current.time, wrappers: [...current.wrappers, wrapper] }
    })
    if (next === undefined) break
    found.push(next)
    current = next
  }
  return found
}

type FoundValues = Values & { readonly behind: string }

const valuesOf = (format: CompiledFormat, line: string, isStrict: boolean): FoundValues | undefined => {
  if (format.kind === 'json') {
    const values = isStrict && line.startsWith('{') ? jsonValues(line, format.keys) : undefined
    return values && { ...values, behind: '' }
  }
  if (!holdsMarks(line, format.marks) || format.format.looks?.test(line) === false) return undefined
  const pattern = isStrict ? strictOf(format) : format.loose
  return pattern && textValues(pattern, line)
}

/** A format that lets fields stand anywhere is tried with the loose ones. */
const strictOf = (format: TextFormat): Pattern | undefined => (format.isLoose ? undefined : format.strict)

const textValues = ({ expression, fields }: Pattern, line: string): FoundValues | undefined => {
  const found = expression.exec(line)
  if (found === null) return undefined
  const values: Partial<Record<FieldKind, string>> = {}
  for (const [i, { kind }] of fields.entries()) {
    const value = found[i + 1]
    if (kind === 'ignored' || kind === 'port' || kind === 'between' || value === undefined) continue
    const known = values[kind]
    if (kind === 'time' && known !== undefined) values.time = `${known} ${value}`
    else if (known === undefined || known === '-' || known === '') values[kind] = value
  }
  return { fields: values, unit: fields.find(({ kind }) => kind === 'duration')?.unit, behind: found.at(-1) ?? '' }
}
