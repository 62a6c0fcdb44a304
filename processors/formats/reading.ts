import { AppError } from '../../src/core/errors.ts'
import { type CompiledFormat, compileFormat } from './compile.ts'
import type { Format } from './format.ts'
import { findFormat, formats as list } from './list.ts'
import { notationOf } from './notations/notations.ts'
import { standardFormats } from './standard.ts'
import type { ClientChoice } from './to-event.ts'

/** How the lines of a log are read: the formats in the order in which they are tried, and which address is the client's. */
export interface Reading {
  readonly formats: readonly CompiledFormat[]
  readonly client: ClientChoice
}

/** `auto`, a name of the list, or a text from a server's config; throws an AppError of kind `usage` for anything else. */
export const readingOf = (format: string, client: ClientChoice = 'auto'): Reading => {
  if (format === 'auto')
    return {
      get formats() {
        return standardFormats()
      },
      client,
    }
  const named = findFormat(format)
  if (named === undefined) return { formats: [compileFormat(ownFormat(format))], client }
  // what tells it from others of the list is of no use where there are none
  const { looks: _, ...alone } = named
  return { formats: [compileFormat(alone)], client }
}

/** More than any server's; its notation is told by looking at it again and again. */
const longest = 8_192

const ownFormat = (given: string): Format => {
  if (given.length > longest)
    throw new AppError({
      what: `The format is ${given.length} characters long.`,
      why: `A format of a server's config has at most ${longest}.`,
      next: ['Give the one LogFormat, log_format or #Fields: line, not the whole config.'],
      kind: 'usage',
    })
  const text = withoutDirective(given)
  const notation = notationOf(text)
  if (notation === undefined)
    throw new AppError({
      what: `There is no format ${given}.`,
      why: `It is no name of the list (${list.map(({ id }) => id).join(', ')}) and no text of a server's config.`,
      next: [
        'Take a name of the list, auto, or the text of LogFormat, log_format or #Fields: as it stands in the config.',
      ],
      kind: 'usage',
    })
  return checked({ id: 'own', title: 'own format', notation, text })
}

/** A text must name at least a status and a request, or no line can become a row. */
const checked = (format: Format): Format => {
  const compiled = compileFormat(format)
  if (compiled.kind === 'json') return format
  const kinds = new Set(compiled.template.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.kind])))
  const missing = [
    ...(kinds.has('status') ? [] : ['a status']),
    ...(kinds.has('request') || kinds.has('path') ? [] : ['a request']),
  ]
  if (missing.length === 0) return format
  throw new AppError({
    what: `The format ${format.text} has no field for ${missing.join(' and ')}.`,
    why: `It was read in the notation of ${format.notation}: ${[...kinds].join(', ') || 'no field'}.`,
    next: ['Copy the whole text from the config of the server, with its quotes inside one pair of single quotes.'],
    kind: 'usage',
  })
}

/** The format within `LogFormat "…" name`, `log_format name '…' '…';` or `logformat name …`. */
const withoutDirective = (given: string): string => {
  // Apache's way to go on in the next line
  const text = given.trim().replace(/(?<![ \t])[ \t]*\\\r?\n[ \t]*/g, ' ')
  const nginx = /^log_format\s+\S+\s+(?:escape=\w+\s+)?([\s\S]*?);?$/.exec(text)
  if (nginx !== null) return joinQuoted(nginx[1] ?? '')
  const apache = /^LogFormat\s+"([\s\S]*)"(?:\s+\S+)?$/.exec(text)
  if (apache !== null) return apache[1] ?? ''
  const squid = /^logformat\s+\S+\s+([\s\S]*)$/.exec(text)
  if (squid !== null) return squid[1] ?? ''
  const haproxy = /^log-format\s+([\s\S]*)$/.exec(text)
  return haproxy === null ? given : joinQuoted((haproxy[1] ?? '').replaceAll('\\ ', ' '))
}

/** The texts in quotes one behind the other, as nginx joins them; a text without quotes as it stands. */
const joinQuoted = (text: string): string => {
  const parts = [...text.matchAll(/'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"/g)]
  return text.startsWith("'") || text.startsWith('"') ? parts.map((part) => part[1] ?? part[2] ?? '').join('') : text
}
