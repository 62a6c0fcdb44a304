import { isUtf8 } from 'node:buffer'
import { maxLineBytes } from '../../../processors/formats/event.ts'
import { parseLine } from '../../../processors/formats/parse-line.ts'
import { isAddress } from '../../../processors/mask/address.ts'
import { maskText } from '../../../processors/mask/mask-text.ts'
import { eventRow, maskedRow } from '../../../processors/pass/event-rows.ts'
import type { CountRow } from '../../../processors/pass/output.ts'
import { mergeCounts, type Result, settings } from './support.ts'

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

/** What a pass must give, line by line by the exact rules alone. */
export const exactly = (bytes: Buffer): Pick<Result, 'counts' | 'rejects' | 'events' | 'masked' | 'windowCounts'> => {
  const lines = linesOf(bytes)
  const filled = lines.filter(({ line }) => line.length > 0)
  const parsed = filled.map(({ off, line }) => ({ off, line, length: line.length, result: parseLine(line) }))
  const events = parsed.flatMap(({ off, result }) => (result.ok ? [{ off, event: result.event }] : []))
  const masked = events.map(({ off, event }) => maskedRow(off, event, settings))
  const rejects = parsed.flatMap(({ off, length, result }) =>
    result.ok ? [] : [{ offset: off, length, reason: length > maxLineBytes ? 'too_long' : result.reason }],
  )
  const counts = events.map(({ event }): CountRow => {
    const endpoint = event.path?.split('?')[0] ?? null
    return {
      window_us: BigInt(Math.floor(event.second / settings.windowSeconds) * settings.windowSeconds) * 1_000_000n,
      status: event.status,
      endpoint: endpoint === null ? null : maskText(endpoint, settings).text,
      n: 1,
      bytes: event.size ?? 0n,
    }
  })
  const full = events.filter(({ event }) => {
    const { client, user, request, referer, agent, host, forwarded } = event
    const any = { maskIpv4: 0, maskIpv6: 0 }
    const texts = [client, user, request, referer, agent, host, forwarded]
    return isAddress(client) || texts.some((text) => text !== null && maskText(text, any).masked > 0)
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
