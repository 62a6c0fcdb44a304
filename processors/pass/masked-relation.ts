import type { LineReader } from '../formats/open-reader.ts'
import { createMasker } from '../mask/masker.ts'
import { createSuspects } from '../mask/suspects.ts'
import { maskedRow, placeRow, putMasked } from './event-rows.ts'
import type { EventSink } from './events-pass.ts'
import { createFieldFile } from './field-file.ts'
import type { PassOptions } from './open-pass.ts'
import type { EventRow, FieldRelation } from './output.ts'

export interface MaskedResult {
  readonly relation: FieldRelation<EventRow>
  /** Addresses masked in its columns. */
  readonly masked: number
}

/** Makes `masked`, chunk after chunk. */
export const createMaskedRelation = ({ settings }: PassOptions, reader: LineReader) => {
  const file = createFieldFile()
  const masker = createMasker(settings)
  const lastOctetOnly = settings.maskIpv4 === 24
  let exact: EventRow[] = []
  let masked = 0

  return {
    begin: (bytes: Buffer): EventSink => {
      file.begin(bytes.length + (bytes.length >> 3))
      exact = []
      masked = 0
      const suspects = createSuspects(bytes, lastOctetOnly)
      const self: EventSink = {
        simple: (line, off) => {
          const found = putMasked(file, bytes, line, off, masker, suspects, lastOctetOnly)
          if (found >= 0) masked += found
          else {
            const parsed = reader.parse(line.start, line.end)
            if (parsed?.ok) self.exact(parsed.event, off)
          }
        },
        exact: (event, off) => {
          const result = maskedRow(off, event, settings)
          masked += result.masked
          placeRow(file, exact, result.row)
        },
      }
      return self
    },
    end: (): MaskedResult => ({ relation: { file: file.taken(), fileRows: file.rows, exact }, masked }),
  }
}
