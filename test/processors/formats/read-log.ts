import { isUtf8 } from 'node:buffer'
import type { LogEvent } from '../../../processors/formats/event.ts'
import { openReader } from '../../../processors/formats/open-reader.ts'
import { type Reading, readingOf } from '../../../processors/formats/reading.ts'
import type { SimpleLine } from '../../../processors/formats/simple-line.ts'

/** What a scanned line says, as the exact rules would say it; its request is left out. */
export const eventOfScan = (bytes: Buffer, line: SimpleLine): Omit<LogEvent, 'request'> => {
  const part = (from: number, to: number): string => bytes.toString('utf8', from, to)
  const present = (from: number, to: number): string | null => {
    const text = part(from, to)
    return text === '' || text === '-' ? null : text
  }
  return {
    client: part(line.clientStart, line.clientEnd),
    user: present(line.userStart, line.userEnd),
    second: line.second,
    micros: line.micros,
    method: part(line.methodStart, line.methodEnd),
    path: part(line.pathStart, line.pathEnd),
    protocol: present(line.protocolStart, line.protocolEnd),
    status: line.status,
    size: line.size < 0 ? null : BigInt(line.size),
    referer: present(line.refererStart, line.refererEnd),
    agent: present(line.agentStart, line.agentEnd),
    host: present(line.hostStart, line.hostEnd),
    durationMs: line.durationMs < 0 ? null : line.durationMs,
    forwarded: present(line.forwardedStart, line.forwardedEnd),
  }
}

/** A whole log as a stage reads it. */
export const eventsOf = (bytes: Buffer, reading: Reading = readingOf('auto')) => {
  const reader = openReader(reading)
  reader.begin({ bytes, ascii: !isUtf8(bytes), now: { second: 5, micros: 0 }, header: undefined })
  const events: Omit<LogEvent, 'request'>[] = []
  const refused: string[] = []
  let scanned = 0
  for (let start = 0; start < bytes.length; ) {
    if (reader.scan(start)) {
      events.push(eventOfScan(bytes, reader.line))
      scanned += 1
      start = reader.line.next
      continue
    }
    const lf = bytes.indexOf(10, start)
    const whole = lf < 0 ? bytes.length : lf
    const end = whole > start && bytes[whole - 1] === 13 ? whole - 1 : whole
    const parsed = end === start ? undefined : reader.parse(start, end)
    if (parsed?.ok) {
      const { request: _, ...event } = parsed.event
      events.push(event)
    } else if (parsed !== undefined) refused.push(parsed.reason)
    start = whole + 1
  }
  return { events, refused, scanned }
}
