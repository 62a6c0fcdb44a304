import { isUtf8 } from 'node:buffer'
import type { ChunkCounts, ChunkInput, Reject } from '../chunk-processor.ts'
import type { OpenColumn } from '../columns/event-columns.ts'
import { createLineColumns, type LineColumns } from '../columns/line-columns.ts'
import { maxLineBytes, maxSimpleBytes } from '../formats/event.ts'
import { createSearch } from '../vector/next-place.ts'
import { type FullAddressSearch, hasFullAddress, searchFullAddresses } from './full-addresses.ts'
import { type Hold, heldBy, mostHeld } from './held.ts'
import { createValidLines } from './valid-lines.ts'

export interface LinesResult {
  /** Bytes that were taken. */
  readonly end: number
  readonly counts: ChunkCounts
  /** Lines whose true bytes are kept aside; none of them counts as rejected, each has its row. */
  readonly rejects: readonly Reject[]
  readonly lines: LineColumns
}

/** Makes `lines`: each line that is not blank, as it stands. */
export const createLinesPass = (
  nodeId: string,
  openColumn: OpenColumn,
): ((input: ChunkInput, most?: number) => LinesResult) => {
  const begin = createLineColumns(openColumn)

  return (input, most = mostHeld) => {
    const bytes = Buffer.from(input.bytes.buffer, input.bytes.byteOffset, input.bytes.length)
    const isValid = createValidLines(bytes)
    const search = searchFullAddresses(bytes)
    const nextLf = createSearch(bytes, '\n')
    const controls = createSearch(bytes, '\0\r\x1f')
    const lines = begin(bytes, `${nodeId}/${input.fingerprint}/`, input.start)
    const rejects: Reject[] = []
    let read = 0
    let blank = 0
    let full = 0
    let repaired = 0
    let room = most
    let stop = bytes.length
    const hold: Hold = (more) => {
      room -= more
      if (room < 0) stop = 0
    }

    const takeExact = (start: number, end: number, trueLength: number): void => {
      const off = input.start + start
      const cut = Math.min(end, start + maxLineBytes)
      const text = decodeLine(bytes.subarray(start, cut), trueLength > cut - start)
      if (trueLength > maxLineBytes) rejects.push({ offset: off, length: trueLength, reason: 'too_long', line: read })
      else if (!isUtf8(bytes.subarray(start, end))) {
        repaired += 1
        rejects.push({ offset: off, length: trueLength, reason: 'invalid_utf8', line: read })
        hold(heldBy.refusal)
      }
      lines.addText(start, Buffer.from(text))
      if (hasFullAddress(text)) full += 1
    }

    let start = 0
    while (start < stop) {
      const whole = Math.min(nextLf(start), bytes.length)
      const isEnded = whole < bytes.length || input.oversizedLine === undefined
      const end = whole > start && bytes[whole - 1] === 13 && isEnded ? whole - 1 : whole
      read += 1
      if (input.oversizedLine !== undefined) takeExact(start, end, input.oversizedLine)
      else if (end === start) blank += 1
      else if (end - start > maxSimpleBytes) takeExact(start, end, end - start)
      else if (controls(start) < end || !isValid(start, end)) takeExact(start, end, end - start)
      else {
        lines.add(start, end)
        if (holdsAddress(bytes, start, end, search)) full += 1
      }
      start = whole + 1
    }
    return {
      end: Math.min(start, bytes.length),
      counts: {
        lines_read: read,
        lines_parsed: read - blank,
        lines_rejected: 0,
        lines_blank: blank,
        repaired,
        masked: 0,
        full_addresses: full,
      },
      rejects,
      lines: lines.end(),
    }
  }
}

/** The usual line begins with an address and a space, which is told without making a text of it. */
const holdsAddress = (bytes: Buffer, start: number, end: number, search: FullAddressSearch): boolean => {
  const quad = quadEnd(bytes, start)
  const isNetwork = bytes[quad - 1] === 48 && bytes[quad - 2] === 46
  return (quad > 0 && bytes[quad] === 32 && !isNetwork) || search.holds(start, end)
}

/** The place behind the strict dotted quad that begins here, or -1. */
const quadEnd = (bytes: Buffer, start: number): number => {
  let dots = 0
  let octet = -1
  for (let i = start; ; i++) {
    const code = bytes[i] ?? 0
    const digit = code - 48
    if (digit >= 0 && digit <= 9) {
      if (octet === 0) return -1
      octet = octet < 0 ? digit : octet * 10 + digit
      if (octet > 255) return -1
    } else if (code === 46 && octet >= 0 && dots < 3) {
      dots += 1
      octet = -1
    } else return dots === 3 && octet >= 0 ? i : -1
  }
}

/** Text of a line; a character cut in two at its end is left out, anything else that is not UTF-8 becomes U+FFFD. */
const decodeLine = (bytes: Uint8Array, cut: boolean): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: cut })
