import type { SimpleLine } from '../formats/simple-line.ts'
import { eventRow, placeRow, putEvent } from './event-rows.ts'
import type { EventSink } from './events-pass.ts'
import { createFieldFile } from './field-file.ts'
import { hasEightGroups, isFullEvent, searchFullAddresses } from './full-addresses.ts'
import type { Hold } from './held.ts'
import type { EventRow, FieldRelation } from './output.ts'

export interface EventsResult {
  readonly relation: FieldRelation<EventRow>
  /** Rows in which a full address stands. */
  readonly full: number
}

/** Makes `events`, chunk after chunk. */
export const createEventsRelation = () => {
  const file = createFieldFile()
  let exact: EventRow[] = []
  let full = 0

  return {
    begin: (bytes: Buffer, hold: Hold): EventSink => {
      file.begin(bytes.length + (bytes.length >> 3), hold)
      exact = []
      full = 0
      const { holds } = searchFullAddresses(bytes)
      return {
        simple: (line, off) => {
          putEvent(file, bytes, line, off)
          if (
            isPerson(bytes, line) ||
            holds(line.clientStart, line.clientEnd) ||
            holds(line.userStart, line.userEnd) ||
            (line.joined
              ? holds(line.methodStart, line.pathEnd)
              : holds(line.methodStart, line.methodEnd) || holds(line.pathStart, line.pathEnd)) ||
            holds(line.refererStart, line.refererEnd) ||
            holds(line.agentStart, line.agentEnd) ||
            holds(line.hostStart, line.hostEnd) ||
            holds(line.forwardedStart, line.forwardedEnd)
          )
            full += 1
        },
        exact: (event, off) => {
          const row = eventRow(off, event)
          placeRow(file, exact, row, hold)
          if (isFullEvent(row)) full += 1
        },
      }
    },
    end: (): EventsResult => ({
      relation: { file: file.taken(), fileRows: file.rows, hasRare: file.hasRare, exact },
      full,
    }),
  }
}

/** The usual clients: a dotted quad whose last octet is not 0, and eight groups of IPv6. */
const isPerson = (bytes: Buffer, { quad, lastDot, clientStart, clientEnd }: SimpleLine): boolean =>
  quad ? clientEnd - lastDot !== 2 || bytes[lastDot + 1] !== 48 : hasEightGroups(bytes, clientStart, clientEnd)
