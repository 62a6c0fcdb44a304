import * as layout from '../vector/layout.ts'
import type { DurationUnit, Field, FieldKind, Template } from './template.ts'

/** How a field's bytes are read. */
export const reading = {
  /** An address or a host name, anywhere but at the beginning only an address. */
  client: layout.readClient,
  innerClient: layout.readInnerClient,
  /** To the next blank, or to the first byte of the text that follows. */
  word: layout.readWord,
  /** To the next quote. */
  quoted: layout.readQuoted,
  time: layout.readTime,
  request: layout.readRequest,
  method: layout.readMethod,
  path: layout.readPath,
  protocol: layout.readProtocol,
  status: layout.readStatus,
  size: layout.readSize,
  duration: layout.readDuration,
  /** One word and the blank before it, or nothing. */
  optional: layout.readOptional,
  /** All before the next quote and the blank before it. */
  between: layout.readBetween,
  /** A dash: a query that is not empty must be put behind its target. */
  query: layout.readQuery,
  port: layout.readPort,
  /** A word that cannot be taken for a client: the name of a user where other fields may stand between. */
  name: layout.readName,
} as const

/** Where a range of bytes goes. */
export const slot = {
  none: layout.slotNone,
  user: layout.slotUser,
  referer: layout.slotReferer,
  agent: layout.slotAgent,
  host: layout.slotHost,
  forwarded: layout.slotForwarded,
} as const

/** One row of the table that the scanner runs. */
export interface Step {
  readonly read: number
  readonly slot: number
  /** Of a duration: milliseconds are digits times the first by the second. */
  readonly times: number
  readonly by: number
  /** True when blanks may stand before the field. */
  readonly padded: boolean
  /** The text that must follow. */
  readonly after: Uint8Array
}

/** What an entry of the list compiles to. */
export interface Steps {
  /** The text at the beginning of a line. */
  readonly first: Uint8Array
  readonly steps: readonly Step[]
  /** True where the lines have sizes, times, and clients of their own rather than forwarded ones. */
  readonly sized: boolean
  readonly timed: boolean
  readonly peered: boolean
  /** True where the second field is an ident, in whose place others have a host. */
  readonly hasIdent: boolean
}

const readings: Readonly<Partial<Record<FieldKind, number>>> = {
  time: reading.time,
  request: reading.request,
  method: reading.method,
  path: reading.path,
  protocol: reading.protocol,
  status: reading.status,
  size: reading.size,
  duration: reading.duration,
  between: reading.between,
  query: reading.query,
  port: reading.port,
}

const slots: Readonly<Partial<Record<FieldKind, number>>> = {
  user: slot.user,
  referer: slot.referer,
  agent: slot.agent,
  host: slot.host,
  forwarded: slot.forwarded,
}

const scales: Readonly<Record<DurationUnit, readonly [number, number]>> = {
  s: [1000, 1],
  ms: [1, 1],
  us: [1, 1000],
  ns: [1, 1_000_000],
}

/** The table of a template, or undefined where only the exact rules can read its lines. */
export const compileSteps = (template: Template): Steps | undefined => {
  const fields = template.flatMap((piece, i) => (typeof piece === 'string' ? [] : [{ piece, i }]))
  if (hasTwice(fields.map(({ piece }) => piece))) return undefined
  const isLoose = fields.some(({ piece }) => piece.kind === 'between')
  const steps = fields.map(({ piece, i }, index): Step => {
    const [times, by] = scales[piece.unit ?? 'ms']
    return {
      read: loosely(isLoose, piece, readingOf(piece, textOf(template[i - 1]), textOf(template[i + 1]), index === 0)),
      slot: slots[piece.kind] ?? slot.none,
      times,
      by,
      padded: piece.padded === true,
      after: Buffer.from(withoutBlankOf(template[i + 2], textOf(template[i + 1]))),
    }
  })
  const first = textOf(template[0])
  const has = (kind: FieldKind): boolean => fields.some(({ piece }) => piece.kind === kind)
  // the end of a client must not be taken for a part of it
  if (steps.some(({ read, after }) => read <= reading.innerClient && /[\d.]/.test(String.fromCharCode(after[0] ?? 0))))
    return undefined
  if (!has('status') || !(has('client') || has('forwarded')) || !(has('request') || has('path'))) return undefined
  const hasIdent =
    fields[0]?.piece.kind === 'client' && fields[1]?.piece.kind === 'ignored' && textOf(template[1]) === ' '
  return { first: Buffer.from(first), steps, sized: has('size'), timed: has('time'), peered: has('client'), hasIdent }
}

const textOf = (piece: string | Field | undefined): string => (typeof piece === 'string' ? piece : '')

/** The blank before a field that may be missing is read with it. */
const withoutBlankOf = (next: string | Field | undefined, text: string): string =>
  typeof next === 'object' && (next.optional || next.kind === 'between') ? text.replace(/ $/, '') : text

const loosely = (isLoose: boolean, { kind }: Field, read: number): number =>
  isLoose && kind === 'user' && read === reading.word ? reading.name : read

const readingOf = ({ kind, optional }: Field, before: string, after: string, first: boolean): number => {
  const quoted = before.endsWith('"') && after.startsWith('"')
  if (optional) return reading.optional
  if (kind === 'client' && !quoted) return first ? reading.client : reading.innerClient
  return readings[kind] ?? (quoted ? reading.quoted : reading.word)
}

/** A second field of one kind counts only where the first is empty, which the exact rules see to. */
const hasTwice = (fields: readonly Field[]): boolean =>
  fields.some(
    ({ kind }, i) =>
      kind !== 'ignored' && kind !== 'port' && kind !== 'between' && fields.findIndex((one) => one.kind === kind) < i,
  )
