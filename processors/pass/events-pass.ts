import { isUtf8 } from 'node:buffer'
import type { ChunkInput, Reject } from '../chunk-processor.ts'
import { beginEvents, beginMasked, type EventOptions } from '../columns/event-columns.ts'
import { beginRows, textsIn } from '../columns/rows.ts'
import { createScratch } from '../columns/scratch.ts'
import type { Texts } from '../columns/texts.ts'
import { type LogEvent, maxLineBytes } from '../formats/event.ts'
import { openReader } from '../formats/open-reader.ts'
import type { ParsedLine } from '../formats/parse-line.ts'
import type { Moment } from '../formats/parse-time.ts'
import type { SimpleLine } from '../formats/simple-line.ts'
import { createMasker } from '../mask/masker.ts'
import { programOf } from '../vector/room.ts'
import { headerOf, withHeader } from './field-header.ts'
import { type Hold, heldBy, mostHeld } from './held.ts'
import type { PassOptions } from './open-pass.ts'
import type { PassOutput } from './output.ts'
import { createWindowsRelation } from './windows-relation.ts'

/** What makes one relation, or two of one kind, of the events of a chunk. */
export interface EventSink {
  simple(line: SimpleLine, off: number): void
  exact(event: LogEvent, off: number): void
}

type EventsOptions = PassOptions & Required<Pick<PassOptions, 'openColumn'>>

/** Makes every relation of parsed lines: `events`, `masked`, `counts` and `alerts`. */
export const createEventsPass = (options: EventsOptions): ((input: ChunkInput) => PassOutput) => {
  const { relations, openColumn } = options
  const reader = openReader(options.reading)
  const ofEvents = relations.has('events')
  const masker = relations.has('masked') ? createMasker(options.settings) : undefined
  const scratches = { events: createScratch(), masked: createScratch() }
  const windows =
    relations.has('counts') || relations.has('alerts') ? createWindowsRelation(options, reader) : undefined

  return (input) => {
    const bytes = Buffer.from(input.bytes.buffer, input.bytes.byteOffset, input.bytes.length)
    const isText = isUtf8(bytes)
    const now = momentOf(input.syncTimeUs)
    // only a log that goes on has a header from before
    const known = input.start === 0 ? undefined : headerOf(input.rules, input.fingerprint)
    reader.begin({ bytes, ascii: !isText, now, header: known, reading: input.reading })
    let room = mostHeld
    let stop = bytes.length
    const hold: Hold = (more) => {
      room -= more
      if (room < 0) stop = 0
    }
    const texts = ofEvents || masker !== undefined ? textsIn(bytes) : undefined
    const place = `${options.node.id}/${input.fingerprint}/`
    const columnsOf = (relation: 'events' | 'masked', of: Texts): EventOptions => ({
      place,
      start: input.start,
      texts: of,
      openColumn: openColumn(relation),
      scratch: scratches[relation],
      program: programOf(bytes),
    })
    const events = texts && ofEvents ? beginEvents(columnsOf('events', texts)) : undefined
    const masked = texts && masker && beginMasked(columnsOf('masked', texts), { masker, settings: options.settings })
    const rows =
      texts &&
      beginRows({
        bytes,
        start: input.start,
        reader,
        hold,
        texts,
        onRows: (block) => {
          events?.add(block)
          masked?.add(block)
        },
      })
    const counts = windows?.begin(input, bytes, hold)
    const sinks = [rows, counts].filter((sink) => sink !== undefined)
    // where nothing else looks at the lines, and each stands behind the one before it
    const alone = rows === undefined ? counts : counts === undefined ? rows : undefined
    const quick = input.offsets === undefined ? alone : undefined
    const { offsets } = input
    const rejects: Reject[] = []
    let read = 0
    let blank = 0
    let repaired = 0

    const takeExact = (start: number, end: number, off: number): void => {
      const length = input.oversizedLine ?? end - start
      const parsed: ParsedLine | undefined =
        length > maxLineBytes ? { ok: false, reason: 'too_long' } : reader.parse(start, end)
      if (parsed === undefined) blank += 1
      else if (!parsed.ok) {
        rejects.push({ offset: off, length, reason: parsed.reason, line: read })
        hold(heldBy.refusal)
      } else {
        if (!isText && !isUtf8(bytes.subarray(start, end))) repaired += 1
        for (const sink of sinks) sink.exact(parsed.event, off)
      }
    }

    let start = 0
    while (start < stop) {
      if (quick !== undefined) {
        const before = quick.count()
        start = quick.many(start)
        read += quick.count() - before
        if (start >= stop) break
      }
      const off = offsets?.[read] ?? input.start + start
      read += 1
      if (reader.scan(start)) {
        const { line } = reader
        for (let i = 0; i < sinks.length; i++) sinks[i]?.simple(line, off)
        start = line.next
      } else {
        const lf = bytes.indexOf(10, start)
        const whole = lf < 0 ? bytes.length : lf
        const end = whole > start && bytes[whole - 1] === 13 ? whole - 1 : whole
        if (end === start) blank += 1
        else takeExact(start, end, off)
        start = whole + 1
      }
    }

    const summary = windows?.end()
    rows?.end()
    const eventRows = events?.end()
    const maskedRows = masked?.end()
    return {
      end: Math.min(start, bytes.length),
      counts: {
        lines_read: read,
        lines_parsed: read - blank - rejects.length,
        lines_rejected: rejects.length,
        lines_blank: blank,
        repaired,
        masked: (maskedRows?.masked ?? 0) + (summary?.masked ?? 0),
        full_addresses: (eventRows?.full ?? 0) + (maskedRows?.full ?? 0) + (summary?.full ?? 0),
      },
      rejects,
      rules: withHeader(summary?.rules ?? input.rules, input.rules, input.fingerprint, reader.header()),
      ...(eventRows && { events: eventRows }),
      ...(maskedRows && { masked: maskedRows }),
      ...(summary?.counts && { windowCounts: summary.counts.windowCounts, messages: summary.counts.messages }),
      ...(summary?.alerts && { alerts: summary.alerts }),
    }
  }
}

const momentOf = (micros: bigint): Moment => ({
  second: Number(micros / 1_000_000n),
  micros: Number(micros % 1_000_000n),
})
