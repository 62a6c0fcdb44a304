import type { LineReader } from '../formats/open-reader.ts'
import { createMasker } from '../mask/masker.ts'
import { allocateRoom } from '../vector/room.ts'
import { type Masking, maskedRow, placeRow, putMasked } from './event-rows.ts'
import type { EventSink } from './events-pass.ts'
import { createFieldFile } from './field-file.ts'
import { countFullRows, isFullEvent } from './full-addresses.ts'
import type { Hold } from './held.ts'
import type { PassOptions } from './open-pass.ts'
import type { EventRow, FieldRelation } from './output.ts'

export interface MaskedResult {
  readonly relation: FieldRelation<EventRow>
  /** Addresses masked in its columns. */
  readonly masked: number
  /** Rows in which a full address stands all the same. */
  readonly full: number
}

/** Makes `masked`, chunk after chunk. */
export const createMaskedRelation = ({ settings }: PassOptions, reader: LineReader) => {
  const file = createFieldFile(allocateRoom)
  const masker = createMasker(settings)
  const ipv4AtLastDot = settings.maskIpv4 === 24 && settings.private.includes('addresses')
  const keepsUsers = !settings.private.includes('users')
  let exact: EventRow[] = []
  let masking: Masking = { masker, suspects: () => true, ipv4AtLastDot, keepsUsers, masked: 0 }

  return {
    begin: (bytes: Buffer, hold: Hold): EventSink => {
      file.begin(bytes.length + (bytes.length >> 3), hold)
      exact = []
      masking = { masker, suspects: masker.suspects(bytes), ipv4AtLastDot, keepsUsers, masked: 0 }
      const self: EventSink = {
        simple: (line, off) => {
          if (putMasked(file, bytes, line, off, masking)) return
          const parsed = reader.parse(line.start, line.end)
          if (parsed?.ok) self.exact(parsed.event, off)
        },
        exact: (event, off) => {
          const result = maskedRow(off, event, settings, masker.string)
          masking.masked += result.masked
          placeRow(file, exact, result.row, hold)
        },
      }
      return self
    },
    end: (): MaskedResult => ({
      relation: { file: file.taken(), fileRows: file.rows, hasRare: file.hasRare, exact },
      masked: masking.masked,
      full: countFullRows(file) + exact.filter(isFullEvent).length,
    }),
  }
}
