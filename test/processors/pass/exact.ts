import { isUtf8 } from 'node:buffer'
import type { LogEvent } from '../../../processors/formats/event.ts'
import { maxLineBytes } from '../../../processors/formats/event.ts'
import { parseLine } from '../../../processors/formats/parse-line.ts'
import { type MaskSettings, maskClient, maskText } from '../../../processors/mask/mask-text.ts'
import { hasFullAddress } from '../../../processors/pass/full-addresses.ts'
import type { CountRow } from '../../../processors/pass/output.ts'
import { maskRequest, messageOf, namesHost } from '../../../processors/pass/request.ts'
import { requestInWords } from '../../../src/core/status.ts'
import { type EventRow, mergeCounts, type Result, settings } from './support.ts'

const linesOf = (bytes: Buffer): readonly { readonly off: number; readonly line: Buffer }[] => {
  const lines = []
  for (let start = 0; start < bytes.length; ) {
    const lf = bytes.indexOf(10, start)
    const whole = lf < 0 ? bytes.length : lf
    const end = whole > start && bytes[whole - 1] === 13 ? whole - 1 : whole
    lines.push({ off: start, line: bytes.subarray(start, end) })
    start = whole + 1
  }
  return lines
}

/** An event as a row, as it stands in the log. */
const eventRow = (off: number, event: LogEvent): EventRow => ({
  off,
  ip: event.client,
  user_id: event.user,
  ts_us: BigInt(event.second) * 1_000_000n + BigInt(event.micros),
  method: event.method,
  path: event.path,
  protocol: event.protocol,
  status: event.status,
  bytes: event.size,
  referer: event.referer,
  user_agent: event.agent,
  host: event.host,
  duration_ms: event.durationMs,
  forwarded_for: event.forwarded,
  message:
    event.method === null
      ? messageOf(event.request, event.status)
      : requestInWords(`${event.method} ${event.path}`, event.status),
})

/** The same after masking, and how many addresses were masked in its columns. */
const maskedRow = (
  off: number,
  event: LogEvent,
  given: MaskSettings,
): { readonly row: EventRow; readonly masked: number } => {
  let masked = 0
  const mask = (text: string | null): string | null => {
    if (text === null) return null
    const result = maskText(text, given)
    masked += result.masked
    return result.text
  }
  const ip = maskClient(event.client, given)
  if (ip !== null && ip !== event.client) masked += 1
  const odd = event.method === null
  if (odd) mask(event.request)
  const request = odd ? event.request : `${event.method} ${event.path}`
  const spoken = odd || (ip === null && namesHost(request, event.client))
  const row = {
    ...eventRow(off, event),
    ip,
    user_id: given.private.includes('users') ? null : mask(event.user),
    method: mask(event.method),
    path: mask(event.path),
    referer: mask(event.referer),
    user_agent: mask(event.agent),
    host: mask(event.host),
    forwarded_for: mask(event.forwarded),
  }
  const message = spoken
    ? messageOf(maskRequest(request, event.client, given), event.status)
    : requestInWords(`${row.method} ${row.path}`, event.status)
  return { row: { ...row, message }, masked }
}

export type ExactResult = Pick<Result, 'counts' | 'rejects' | 'events' | 'masked' | 'windowCounts'>

/** What a pass must give, line by line by the exact rules alone. */
export const exactly = (bytes: Buffer, given = settings): ExactResult => {
  const lines = linesOf(bytes)
  const filled = lines.filter(({ line }) => line.length > 0)
  const parsed = filled.map(({ off, line }) => ({ off, line, length: line.length, result: parseLine(line) }))
  const events = parsed.flatMap(({ off, result }) => (result.ok ? [{ off, event: result.event }] : []))
  const masked = events.map(({ off, event }) => maskedRow(off, event, given))
  const rejects = parsed.flatMap(({ off, length, result }) =>
    result.ok ? [] : [{ offset: off, length, reason: length > maxLineBytes ? 'too_long' : result.reason }],
  )
  const counts = events.map(({ event }): CountRow => {
    const endpoint = event.path?.split('?')[0] ?? null
    return {
      window_us: BigInt(Math.floor(event.second / given.windowSeconds) * given.windowSeconds) * 1_000_000n,
      status: event.status,
      endpoint: endpoint === null ? null : maskText(endpoint, given).text,
      n: 1,
      bytes: event.size ?? 0n,
    }
  })
  const full = events.filter(({ event }) => {
    const { client, user, method, path, request, referer, agent, host, forwarded } = event
    const said = method === null ? request : `${method} ${path}`
    return [client, user, said, referer, agent, host, forwarded].some((text) => text !== null && hasFullAddress(text))
  })
  return {
    counts: {
      lines_read: lines.length,
      lines_parsed: events.length,
      lines_rejected: rejects.length,
      lines_blank: lines.length - filled.length,
      repaired: parsed.filter(({ line, result }) => result.ok && !isUtf8(line)).length,
      masked: masked.reduce((sum, row) => sum + row.masked, 0),
      full_addresses: full.length,
    },
    rejects,
    events: events.map(({ off, event }) => eventRow(off, event)),
    masked: masked.map(({ row }) => row),
    windowCounts: mergeCounts(counts),
  }
}
