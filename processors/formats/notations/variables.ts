import type { DurationUnit, Field, FieldKind, Template } from '../template.ts'

/** What a notation's variable is to bbq; a variable that is not listed has no column. */
export type Variables = Readonly<Record<string, FieldKind | readonly ['duration', DurationUnit]>>

/** The field that a variable of a notation stands for. */
export const fieldOf = (name: string, variables: Variables, shown = name): Field => {
  const found = variables[name]
  if (found === undefined) return { kind: 'ignored', name: shown }
  return typeof found === 'string' ? { kind: found, name: shown } : { kind: found[0], unit: found[1], name: shown }
}

/** Cuts a text at its variables. */
export const cutAt = (text: string, variable: RegExp, toPieces: (found: RegExpExecArray) => Template): Template => {
  const pieces: (string | Field)[] = []
  let from = 0
  for (const found of text.matchAll(variable)) {
    pieces.push(text.slice(from, found.index), ...toPieces(found))
    from = found.index + found[0].length
  }
  return [...pieces, text.slice(from)]
}

/** Request headers that have a column, by name in lower case. */
export const headerFields: Readonly<Record<string, FieldKind>> = {
  referer: 'referer',
  referrer: 'referer',
  'user-agent': 'agent',
  host: 'host',
  ':authority': 'host',
  'x-forwarded-for': 'forwarded',
  forwarded: 'forwarded',
}

/** What Apache and Gunicorn call by one letter. */
export const requestLetters = {
  h: 'client',
  u: 'user',
  r: 'request',
  m: 'method',
  U: 'path',
  q: 'query',
  H: 'protocol',
  s: 'status',
  b: 'size',
  B: 'size',
  D: ['duration', 'us'],
  T: ['duration', 's'],
} as const satisfies Variables
