import { noClient } from './byte-classes.ts'
import type { Field, FieldKind, Template } from './template.ts'

// White space of Unicode with the four separators of ASCII: logs are cut by it, and \s of this language is another set.
const space = '\\t\\v\\f\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const word = `[^\\n${space}]+`
const quotedText = '[^"\\\\]*(?:\\\\[^][^"\\\\]*)*'
const addresses = '(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[?[0-9a-fA-F]{0,4}:[0-9a-fA-F:.]*(?:%\\w+)?\\]?|unknown)(?::\\d+)?'
const inBrackets = '\\[[0-9a-fA-F:.]+(?:%\\w+)?\\](?::\\d+)?'
const noName = noClient.replace(/[\\\]]/g, '\\$&').replace('[', '\\[')
/** What stands before a line where grep names its file. */
const fileName = (after: string): string => {
  const character = isSeparator(after) ? `[^\\s${inClass(after)}]` : '\\S'
  // up to the first such mark only, so that a word full of them is gone over once
  return `(?:(?!\\/|[._-]log)${character})*(?:\\/|[._-]log)${character}*:`
}
const addressList = `${addresses}(?:, ?${addresses})*`

/** One time without brackets around it. */
const time = [
  '\\d{4}[-/]\\d\\d[-/]\\d\\d[T \\t]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?(?: ?(?:Z|UTC|GMT|[+-]\\d\\d:?\\d\\d))?',
  '\\d{1,2}\\/[A-Za-z]{3}\\/\\d{4}:\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?: [+-]\\d{4})?',
  '[A-Z][a-z]{2}, \\d{1,2} [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d (?:GMT|UTC|[+-]\\d{4})',
  '\\d{9,19}(?:\\.\\d+)?',
].join('|')

/** Fields behind those of the format: quoted, in brackets, `name="value"`, or words without a quote. */
const token = `"${quotedText}"|\\[[^\\]\\n]*\\]|[^\\n"=${space}]+="${quotedText}"|[^\\n"[${space}][^\\n"${space}]*`
const rest = `((?:[ \\t](?:${token}))*)[${space}]*$`

const tokens = new RegExp(`[ \\t](?:${token})`, 'g')

/** Fields behind those of a format. */
export const countTokens = (behind: string): number => behind.match(tokens)?.length ?? 0

export interface Pattern {
  readonly expression: RegExp
  /** Of its groups, in order; the last group is what stands behind the format's fields. */
  readonly fields: readonly Field[]
}

/** `loose` takes user names with blanks, which makes a line that is something else look like it. */
export const compilePattern = (template: Template, loose: boolean): Pattern => {
  const fields: Field[] = []
  let source = '^'
  for (const [i, piece] of template.entries()) {
    if (typeof piece === 'string') source += literal(piece, template[i + 1])
    else {
      const before = template[i - 1]
      const after = template[i + 1]
      const group = `(${inside(piece, textOf(before), textOf(after), {
        first: fields.length === 0,
        nextToClient: fields.at(-1)?.kind === 'client' && before === ' ',
        loose,
      })})`
      fields.push(piece)
      source += piece.optional ? `(?: ${group})?` : group
    }
  }
  return { expression: new RegExp(source + rest), fields }
}

const textOf = (piece: string | Field | undefined): string => (typeof piece === 'string' ? piece : '')

/** Blanks before a padded field may be many; the one before a field that may be missing belongs to it. */
const literal = (text: string, next: string | Field | undefined): string => {
  const escaped = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll('     ', ' +')
  if (typeof next !== 'object') return escaped
  if (next.padded) return escaped.replace(/ $/, ' +')
  return next.optional || (next.kind === 'between' && escaped.endsWith(' ')) ? escaped.replace(/ $/, '') : escaped
}

interface Place {
  readonly first: boolean
  /** True where nothing but a blank parts it from a client: what stands there may be an ident too. */
  readonly nextToClient: boolean
  readonly loose: boolean
}

const inside = (
  { kind, optional }: Field,
  before: string,
  after: string,
  { first, nextToClient, loose }: Place,
): string => {
  const quoted = before.endsWith('"') && after.startsWith('"')
  if (optional) return `\\{[^}"\\n]*\\}|[^\\n"${space}]+`
  switch (kind) {
    case 'status':
      return '-?\\d{1,9}|-'
    case 'size':
      return '[+]?\\d+|-'
    case 'duration':
      return '[+]?[\\d.]+(?:ns|us|\u00b5s|ms|s)?|-1?'
    case 'port':
      return '\\d{1,5}|-'
    case 'between':
      return ' [^"\\n]*?|'
    case 'time':
      return before.endsWith('[') && after.startsWith(']') ? '[^\\]\\n]+' : time
    case 'forwarded':
      return quoted ? `-|${addressList}` : `${addressList}|${word}`
    case 'client':
      if (quoted) return quotedText
      if (after.startsWith(']')) return `[^\\]${space}]+`
      if (first) {
        const parts = isSeparator(after) ? inClass(after) : ''
        const one = `(?:${inBrackets}|[0-9a-fA-F:.]+%[^\\n,"${space}${parts}]+|[^\\n,${noName}${space}${parts}]+)`
        return `(?!"|${fileName(after)}|\\d{4}-\\d\\d-\\d\\d)${one}(?:, ?${one})*`
      }
      return `${addressList}|[\\w.-]+(?= -)`
    case 'user':
      if (quoted) return quotedText
      if (isSeparator(after)) return textUntil(after)
      // a dash or an address with more behind it is no name but the fields of another format
      return loose && !nextToClient && after.startsWith(' [')
        ? `(?!(?:[^[\\n]* )?(?:- (?!\\[)|[(]?${addresses}[,)]* ))[^[\\n]*?`
        : word
    case 'request':
      if (quoted) return quotedText
      return isSeparator(after) || after.startsWith('"')
        ? textUntil(after)
        : '[A-Za-z]+ [^\\n]*? HTTP\\/\\d(?:\\.\\d)?|-'
    default:
      break
  }
  if (quoted) return quotedText
  if (isSeparator(after) && mayHoldBlanks.has(kind)) return textUntil(after)
  if (kind === 'host' && first)
    return `(?!"|${fileName(after)}|\\d{4}-\\d\\d-\\d\\d)(?:${inBrackets}|[^\\n,"${noName}${space}${after.startsWith(':') ? ':' : ''}]+)`
  const end = after[0]
  if (end === undefined || end === ' ' || end === '"') return word
  return `[^\\n${space}${inClass(end)}]*`
}

/** What parts fields that may hold blanks. */
const isSeparator = (after: string): boolean => /^[\t|;~\x1f]/.test(after)

const mayHoldBlanks: ReadonlySet<FieldKind> = new Set(['agent', 'referer', 'path', 'ignored'])

/** Anything up to the text that follows. */
const textUntil = (after: string): string => `[^\\n${inClass(after)}]*`

/** The first character of a text within a class of an expression. */
const inClass = (text: string): string => (text[0] ?? '').replace(/[\\\]^-]/, '\\$&')
