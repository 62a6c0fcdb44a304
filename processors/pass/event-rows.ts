import type { LogEvent } from '../formats/event.ts'
import type { SimpleLine } from '../formats/simple-line.ts'
import { type MaskedText, type MaskSettings, maskClient, maskText } from '../mask/mask-text.ts'
import type { Masker } from '../mask/masker.ts'
import type { RangeTest } from '../mask/suspects.ts'
import { type FieldFile, fitsField, putNumber, putRange, putRow, putSeparator, putSixDigits } from './field-file.ts'
import { type Hold, heldBy } from './held.ts'
import type { EventRow } from './output.ts'
import { maskRequest, messageOf, namesHost, requestTextOf } from './request.ts'

/** Bytes of a row that are not in its line: two numbers, separators, and digits of slack. */
const rowOverhead = 160

/** An event as a row, as it stands in the log. */
export const eventRow = (off: number, event: LogEvent): EventRow => ({
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
  message: event.method === null ? messageOf(event.request, event.status) : null,
})

/** The same after masking, and how many addresses were masked in its columns. */
export const maskedRow = (
  off: number,
  event: LogEvent,
  settings: MaskSettings,
  maskOne: (text: string) => MaskedText = (text) => maskText(text, settings),
): { readonly row: EventRow; readonly masked: number } => {
  let masked = 0
  const mask = (text: string | null): string | null => {
    if (text === null) return null
    const result = maskOne(text)
    masked += result.masked
    return result.text
  }
  const ip = maskClient(event.client, settings)
  if (ip !== null && ip !== event.client) masked += 1
  const odd = event.method === null
  if (odd) mask(event.request)
  const spoken = odd || (ip === null && namesHost(`${event.method} ${event.path}`, event.client))
  const request = odd ? event.request : `${event.method} ${event.path}`
  const row: EventRow = {
    ...eventRow(off, event),
    ip,
    user_id: settings.private.includes('users') ? null : mask(event.user),
    method: mask(event.method),
    path: mask(event.path),
    referer: mask(event.referer),
    user_agent: mask(event.agent),
    host: mask(event.host),
    forwarded_for: mask(event.forwarded),
    message: spoken ? messageOf(maskRequest(request, event.client, settings), event.status) : null,
  }
  return { row, masked }
}

/** Puts a row into the file where it fits, else among the exact ones. */
export const placeRow = (file: FieldFile, exact: EventRow[], row: EventRow, hold: Hold): void => {
  const { ip, user_id, method, path, protocol, referer, user_agent, host, forwarded_for } = row
  const texts = [ip, user_id, method, path, protocol, referer, user_agent, host, forwarded_for]
  if (row.message !== null || row.ts_us < 0n || !texts.every((text) => text === null || fitsField(text))) {
    exact.push(row)
    hold(heldBy.row + 3 * texts.reduce((sum, text) => sum + (text?.length ?? 0), row.message?.length ?? 0))
  } else {
    const numbers = [String(row.off), String(row.ts_us), String(row.status)] as const
    const answer = [protocol, numbers[2], numberText(row.bytes), referer, user_agent]
    const rare = [host, numberText(row.duration_ms), forwarded_for]
    const hasRare = rare.some((text) => text !== null)
    if (hasRare) file.hasRare = true
    putRow(file, [numbers[0], ip, user_id, numbers[1], method, path, ...answer, ...(hasRare ? rare : [])])
  }
}

const numberText = (value: number | bigint | null): string | null => (value === null ? null : String(value))

/** Appends a simple line as it stands. */
export const putEvent = (file: FieldFile, bytes: Buffer, line: SimpleLine, off: number): void => {
  file.reserve(line.end - line.start + rowOverhead)
  const out = file.bytes
  let at = putSeparator(out, putNumber(out, file.length, off))
  at = putSeparator(out, putRange(out, at, bytes, line.clientStart, line.clientEnd))
  at = putSeparator(out, putPresent(out, at, bytes, line.userStart, line.userEnd))
  at = putNumbersAfterUser(out, at, line)
  at = putAnswer(out, putRequest(out, at, bytes, line), bytes, line)
  at = putSeparator(out, putPresent(out, at, bytes, line.refererStart, line.refererEnd))
  at = putPresent(out, at, bytes, line.agentStart, line.agentEnd)
  if (hasRareFields(bytes, line)) {
    at = putSeparator(out, putRange(out, putSeparator(out, at), bytes, line.hostStart, line.hostEnd))
    at = putSeparator(out, putDuration(out, at, line))
    at = putPresent(out, at, bytes, line.forwardedStart, line.forwardedEnd)
    file.hasRare = true
  }
  finish(file, at)
}

/** How the fields of a chunk are masked. */
export interface Masking {
  readonly masker: Masker
  readonly suspects: RangeTest
  /** A client that is a dotted quad loses what follows its last dot. */
  readonly ipv4AtLastDot: boolean
  readonly keepsUsers: boolean
  /** Addresses masked so far. */
  masked: number
}

/** Appends a simple line after masking; false, with nothing appended, when the exact path must. */
export const putMasked = (file: FieldFile, bytes: Buffer, line: SimpleLine, off: number, masking: Masking): boolean => {
  const { masker, suspects, ipv4AtLastDot, keepsUsers } = masking
  file.reserve(line.end - line.start + rowOverhead)
  const out = file.bytes
  let at = putSeparator(out, putNumber(out, file.length, off))
  if (line.quad && ipv4AtLastDot) {
    at = putRange(out, at, bytes, line.clientStart, line.lastDot + 1)
    if (line.clientEnd - line.lastDot !== 2 || bytes[line.lastDot + 1] !== 48) masking.masked += 1
    out[at++] = 48
  } else {
    const host = masker.host(bytes, line.clientStart, line.clientEnd)
    if (host.text === null && requestNamesHost(bytes, line)) return false
    at = putRange(out, at, host.bytes, 0, host.bytes.length)
    masking.masked += host.masked
  }
  at = putSeparator(out, at)
  if (keepsUsers) at = putText(masking, out, at, bytes, line.userStart, line.userEnd)
  at = putNumbersAfterUser(out, putSeparator(out, at), line)
  if (line.joined && !suspects(line.methodStart, line.pathEnd)) at = putRequest(out, at, bytes, line)
  else {
    at = putSeparator(out, putText(masking, out, at, bytes, line.methodStart, line.methodEnd))
    at = putSeparator(out, putText(masking, out, at, bytes, line.pathStart, line.pathEnd))
    at = putSeparator(out, putRange(out, at, bytes, line.protocolStart, line.protocolEnd))
  }
  at = putAnswer(out, at, bytes, line)
  at = putSeparator(out, putText(masking, out, at, bytes, line.refererStart, line.refererEnd))
  at = putText(masking, out, at, bytes, line.agentStart, line.agentEnd)
  if (hasRareFields(bytes, line)) {
    at = putSeparator(out, putText(masking, out, putSeparator(out, at), bytes, line.hostStart, line.hostEnd))
    at = putSeparator(out, putDuration(out, at, line))
    at = putText(masking, out, at, bytes, line.forwardedStart, line.forwardedEnd)
    file.hasRare = true
  }
  finish(file, at)
  return true
}

/** Writes a field after masking, nothing for a dash; gives the place behind it. */
const putText = (masking: Masking, out: Buffer, at: number, bytes: Buffer, start: number, end: number): number => {
  if (end - start <= 1 && (end === start || bytes[start] === 45)) return at
  if (!masking.suspects(start, end)) return putRange(out, at, bytes, start, end)
  const text = masking.masker.text(bytes, start, end)
  masking.masked += text.masked
  return putRange(out, at, text.bytes, 0, text.bytes.length)
}

const requestNamesHost = (bytes: Buffer, line: SimpleLine): boolean =>
  namesHost(requestTextOf(bytes, line), bytes.toString('latin1', line.clientStart, line.clientEnd))

/** A dash in the log is an empty field, where it can be one. */
const isDash = (bytes: Buffer, start: number, end: number): boolean => end - start === 1 && bytes[start] === 45

const putPresent = (out: Buffer, at: number, bytes: Buffer, start: number, end: number): number =>
  isDash(bytes, start, end) ? at : putRange(out, at, bytes, start, end)

const putNumbersAfterUser = (out: Buffer, at: number, line: SimpleLine): number =>
  putSeparator(out, putSixDigits(out, putNumber(out, at, line.second), line.micros))

const putRequest = (out: Buffer, start: number, bytes: Buffer, line: SimpleLine): number => {
  const { methodStart, methodEnd, pathStart, pathEnd, protocolStart, protocolEnd } = line
  if (!line.joined || protocolStart !== pathEnd + 1) {
    let at = putSeparator(out, putRange(out, start, bytes, methodStart, methodEnd))
    at = putSeparator(out, putRange(out, at, bytes, pathStart, pathEnd))
    return putSeparator(out, putRange(out, at, bytes, protocolStart, protocolEnd))
  }
  const at = putRange(out, start, bytes, methodStart, protocolEnd)
  putSeparator(out, start + methodEnd - methodStart)
  putSeparator(out, start + pathEnd - methodStart)
  return putSeparator(out, at)
}

const putAnswer = (out: Buffer, start: number, bytes: Buffer, line: SimpleLine): number => {
  const { statusStart, sizeStart, sizeEnd } = line
  let at = start
  for (let i = 0; i < 3; i++) out[at++] = bytes[statusStart + i] ?? 0
  at = putSeparator(out, at)
  if (sizeEnd > sizeStart) at = putRange(out, at, bytes, sizeStart, sizeEnd)
  else if (line.size === 0) out[at++] = 48
  return putSeparator(out, at)
}

const putDuration = (out: Buffer, at: number, { durationMs }: SimpleLine): number => {
  if (durationMs < 0) return at
  return Number.isInteger(durationMs)
    ? putNumber(out, at, durationMs)
    : at + out.write(String(durationMs), at, 'latin1')
}

const hasRareFields = (bytes: Buffer, line: SimpleLine): boolean =>
  line.durationMs >= 0 ||
  line.hostEnd > line.hostStart ||
  (line.forwardedEnd > line.forwardedStart && !isDash(bytes, line.forwardedStart, line.forwardedEnd))

const finish = (file: FieldFile, at: number): void => {
  file.bytes[at] = 10
  file.length = at + 1
  file.rows += 1
}
