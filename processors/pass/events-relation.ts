import type { LogEvent } from '../formats/event.ts'
import { anyAddress, isAddress } from '../mask/address.ts'
import { maskText } from '../mask/mask-text.ts'
import { createMasker } from '../mask/masker.ts'
import { createSuspects } from '../mask/suspects.ts'
import { eventRow, placeRow, putEvent } from './event-rows.ts'
import type { EventSink } from './events-pass.ts'
import { createFieldFile } from './field-file.ts'
import type { EventRow, FieldRelation } from './output.ts'

export interface EventsResult {
  readonly relation: FieldRelation<EventRow>
  /** Rows in which a full address stands. */
  readonly full: number
}

/** Makes `events`, chunk after chunk. */
export const createEventsRelation = () => {
  const file = createFieldFile()
  const masker = createMasker(anyAddress)
  let exact: EventRow[] = []
  let full = 0

  return {
    begin: (bytes: Buffer): EventSink => {
      file.begin(bytes.length + (bytes.length >> 3))
      exact = []
      full = 0
      const suspects = createSuspects(bytes)
      const holds = (start: number, end: number): boolean =>
        suspects.mayHold(start, end) && masker.text(bytes, start, end).masked > 0
      return {
        simple: (line, off) => {
          putEvent(file, bytes, line, off)
          if (
            line.quad ||
            masker.host(bytes, line.clientStart, line.clientEnd).text !== null ||
            holds(line.clientStart, line.clientEnd) ||
            holds(line.userStart, line.userEnd) ||
            holds(line.methodStart, line.methodEnd) ||
            holds(line.pathStart, line.pathEnd) ||
            holds(line.refererStart, line.refererEnd) ||
            holds(line.agentStart, line.agentEnd) ||
            holds(line.hostStart, line.hostEnd) ||
            holds(line.forwardedStart, line.forwardedEnd)
          )
            full += 1
        },
        exact: (event, off) => {
          placeRow(file, exact, eventRow(off, event))
          if (isAddress(event.client) || textsOf(event).some((text) => maskText(text, anyAddress).masked > 0)) full += 1
        },
      }
    },
    end: (): EventsResult => ({ relation: { file: file.taken(), fileRows: file.rows, exact }, full }),
  }
}

const textsOf = (event: LogEvent): readonly string[] =>
  [
    event.client,
    event.user,
    event.method ?? event.request,
    event.path,
    event.referer,
    event.agent,
    event.host,
    event.forwarded,
  ].filter((text) => text !== null)
