import type { LogEvent, RejectReason } from './event.ts'
import { clientOf, durationOf, hostOf, present, userOf } from './exact-values.ts'
import type { Moment } from './parse-time.ts'
import { parseTime } from './parse-time.ts'
import { type RequestParts, requestParts, targetParts } from './request-line.ts'
import type { DurationUnit, FieldKind } from './template.ts'

/** Which address is the client's where a proxy forwards one: that of the peer, or the forwarded one. */
export type ClientChoice = 'auto' | 'peer' | 'forwarded'

/** The fields of one line as text, and the unit of its duration. */
export interface Values {
  readonly fields: Readonly<Partial<Record<FieldKind, string>>>
  readonly unit: DurationUnit | undefined
}

export interface EventOptions {
  readonly client: ClientChoice
  /** The time of a line that has none. */
  readonly otherwise: Moment
}

export type ParsedEvent =
  | { readonly ok: true; readonly event: LogEvent }
  | { readonly ok: false; readonly reason: RejectReason }

const largest = 9_223_372_036_854_775_807n

const reject = (reason: RejectReason): ParsedEvent => ({ ok: false, reason })

/** What the fields of a line say, by rules that are the same in every format. */
export const toEvent = ({ fields, unit }: Values, options: EventOptions): ParsedEvent => {
  const time = fields.time === undefined ? options.otherwise : parseTime(fields.time)
  if (time === undefined) return reject('bad_time')
  const status = /^\d{3}$/.test(fields.status ?? '') ? Number(fields.status) : 0
  if (status < 100 || status > 599) return reject('bad_status')
  const size = sizeOf(fields.size)
  if (size !== null && size > largest) return reject('bad_size')
  const parts = partsOf(fields)
  const forwarded = present(fields.forwarded)
  return {
    ok: true,
    event: {
      client: chooseClient(fields.client, forwarded, options.client),
      user: userOf(fields.user),
      second: time.second,
      micros: time.micros,
      request: fields.request ?? requestText(parts),
      method: parts.method,
      path: parts.path,
      protocol: parts.protocol,
      status,
      size,
      referer: present(fields.referer),
      agent: present(fields.agent),
      host: hostOf(fields.host) ?? parts.host,
      durationMs: durationOf(fields.duration, unit),
      forwarded,
    },
  }
}

const sizeOf = (text: string | undefined): bigint | null => {
  if (text === undefined) return null
  return text === '-' || text === '' ? 0n : BigInt(text.replace(/^\+/, ''))
}

const chooseClient = (peer: string | undefined, forwarded: string | null, choice: ClientChoice): string => {
  const first = forwarded === null ? undefined : clientOf(forwarded)
  const isChosen = peer === undefined || (choice === 'forwarded' && first !== 'unknown')
  return (isChosen && first) || clientOf(peer ?? '') || '-'
}

/** A request that is one field, or its parts. */
const partsOf = (fields: Values['fields']): RequestParts => {
  if (fields.path === undefined) return requestParts(fields.request ?? '')
  const method = present(fields.method)
  const query = present(fields.query)
  const target = present(fields.path)
  const protocol = present(fields.protocol)
  if (target === null) return { method: null, path: null, protocol: null, host: null }
  const { path, host } = targetParts(query === null ? target : `${target}?${query.replace(/^\?/, '')}`)
  const version = protocol !== null && /^\d/.test(protocol) ? `HTTP/${protocol}` : protocol
  return { method, path, protocol: method === null ? null : version, host }
}

const requestText = ({ method, path, protocol }: RequestParts): string =>
  [method, path, protocol].filter((part) => part !== null).join(' ')
