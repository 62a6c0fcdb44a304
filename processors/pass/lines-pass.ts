import { isUtf8 } from 'node:buffer'
import type { ChunkCounts, ChunkInput, Reject } from '../chunk-processor.ts'
import { maxLineBytes } from '../formats/event.ts'
import { isAddress } from '../mask/address.ts'
import { createMasker } from '../mask/masker.ts'
import { createSuspects } from '../mask/suspects.ts'
import { anyAddress } from './events-relation.ts'
import { createFieldFile, fitsField, putNumber, putRow, putSeparator } from './field-file.ts'
import type { FieldRelation, LineRow } from './output.ts'

export interface LinesResult {
  readonly counts: ChunkCounts
  /** Lines whose true bytes are kept aside; none of them counts as rejected, each has its row. */
  readonly rejects: readonly Reject[]
  readonly lines: FieldRelation<LineRow>
}

/** Makes `lines`: each line that is not blank, as it stands. */
export const createLinesPass = (): ((input: ChunkInput) => LinesResult) => {
  const file = createFieldFile()
  const masker = createMasker(anyAddress)

  return (input) => {
    const bytes = Buffer.from(input.bytes.buffer, input.bytes.byteOffset, input.bytes.length)
    const valid = isUtf8(bytes)
    const suspects = createSuspects(bytes)
    const exact: LineRow[] = []
    const rejects: Reject[] = []
    let read = 0
    let blank = 0
    let full = 0
    file.begin(bytes.length + (bytes.length >> 3))

    const takeExact = (start: number, end: number, trueLength: number): void => {
      const off = input.start + start
      const cut = Math.min(end, start + maxLineBytes)
      const text = decodeLine(bytes.subarray(start, cut), trueLength > cut - start)
      if (trueLength > maxLineBytes) rejects.push({ offset: off, length: trueLength, reason: 'too_long' })
      else if (!isUtf8(bytes.subarray(start, end)))
        rejects.push({ offset: off, length: trueLength, reason: 'invalid_utf8' })
      if (fitsField(text)) putRow(file, [String(off), text])
      else exact.push({ off, raw_line: text })
      const copy = Buffer.from(text)
      if (masker.text(copy, 0, copy.length).masked > 0) full += 1
    }

    let start = 0
    while (start < bytes.length) {
      const lf = bytes.indexOf(10, start)
      const whole = lf < 0 ? bytes.length : lf
      const end =
        whole > start && bytes[whole - 1] === 13 && (lf >= 0 || input.oversizedLine === undefined) ? whole - 1 : whole
      read += 1
      if (input.oversizedLine !== undefined) takeExact(start, end, input.oversizedLine)
      else if (end === start) blank += 1
      else if (end - start > maxLineBytes) takeExact(start, end, end - start)
      else {
        file.reserve(end - start + 24)
        const out = file.bytes
        const at = putSeparator(out, putNumber(out, file.length, input.start + start))
        const done = putPlain(out, at, bytes, start, end, valid)
        if (done < 0) takeExact(start, end, end - start)
        else {
          out[done] = 10
          file.length = done + 1
          file.rows += 1
          if (
            beginsWithAddress(bytes, start, end) ||
            (suspects.mayHold(start, end) && masker.text(bytes, start, end).masked > 0)
          )
            full += 1
        }
      }
      start = whole + 1
    }
    return {
      counts: {
        lines_read: read,
        lines_parsed: read - blank,
        lines_rejected: 0,
        lines_blank: blank,
        masked: 0,
        full_addresses: full,
      },
      rejects,
      lines: { file: file.taken(), fileRows: file.rows, exact },
    }
  }
}

/** Copies a line; the place behind it, or -1 when it holds a control character or may not be UTF-8. */
const putPlain = (out: Uint8Array, at: number, bytes: Uint8Array, from: number, to: number, utf8: boolean): number => {
  let place = at
  for (let i = from; i < to; i++) {
    const code = bytes[i] ?? 0
    if (code < 32 || (code > 127 && !utf8)) {
      if (code !== 9) return -1
    }
    out[place++] = code
  }
  return place
}

/** True when the first word is an address that ends at a space; the usual line, told without making a text of it. */
const beginsWithAddress = (bytes: Buffer, start: number, end: number): boolean => {
  let dots = 0
  let octet = -1
  for (let i = start; i < end; i++) {
    const code = bytes[i] ?? 0
    const digit = code - 48
    if (digit >= 0 && digit <= 9) {
      if (octet === 0) return false
      octet = octet < 0 ? digit : octet * 10 + digit
      if (octet > 255) return false
    } else if (code === 46 && octet >= 0) {
      dots += 1
      octet = -1
    } else if (code === 32) return dots === 3 && octet >= 0
    else return code === 58 || i - start < 5 ? firstWordIsAddress(bytes, start) : false
  }
  return false
}

const firstWordIsAddress = (bytes: Buffer, start: number): boolean => {
  const space = bytes.indexOf(32, start)
  return space > start && space - start < 64 && isAddress(bytes.toString('latin1', start, space))
}

/** Text of a line; a character cut in two at its end is left out, anything else that is not UTF-8 becomes U+FFFD. */
const decodeLine = (bytes: Uint8Array, cut: boolean): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: cut })
