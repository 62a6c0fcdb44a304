import * as layout from '../vector/layout.ts'
import type { RoomProgram } from '../vector/room.ts'
import { byteClasses } from './byte-classes.ts'
import { noRest, type RunMany, type ScanRun, type Scans, uncertain } from './scan-run.ts'
import type { ScanTable } from './scan-table.ts'
import type { SimpleLine } from './simple-line.ts'
import { writeTable } from './write-table.ts'

/** Of a line that is looked at by itself. */
const loneRecord = layout.recordsAt + layout.mostRecords * layout.recordBytes

/** Scans by the program of a room: many lines a call, handed out one by one. */
export const createProgramRun = (line: SimpleLine, program: RoomProgram, length: number, ascii: boolean): Scans => {
  const { area } = program
  const high = ascii ? 128 : 0
  const numbers = new Int32Array(area.buffer, area.byteOffset, layout.headsAt / 4)
  const doubles = new Float64Array(area.buffer, area.byteOffset, layout.headsAt / 8)
  const places = new Map<ScanTable, number>()
  let tablesEnd: number = layout.tablesAt
  let ahead: ScanTable | undefined
  let next = 0
  let count = 0
  let most = 1
  new Uint8Array(area.buffer, area.byteOffset).set(byteClasses, layout.classesAt)

  const placeOf = (table: ScanTable): number => {
    const known = places.get(table)
    if (known !== undefined) return known
    const end = writeTable(area, tablesEnd, table)
    if (end === undefined) return -1
    const place = tablesEnd
    places.set(table, place)
    tablesEnd = end
    return place
  }

  const take = (record: number): number => {
    const at = record >> 2
    const slots = at + (layout.slotsAt >> 2)
    line.second = doubles[(record + layout.secondAt) >> 3] ?? 0
    line.size = doubles[(record + layout.sizeAt) >> 3] ?? 0
    line.durationMs = doubles[(record + layout.durationAt) >> 3] ?? 0
    line.quad = numbers[at + (layout.quadAt >> 2)] === 1
    line.oddQuery = numbers[at + (layout.oddQueryAt >> 2)] === 1
    line.joined = numbers[at + (layout.joinedAt >> 2)] === 1
    line.start = numbers[at + (layout.startAt >> 2)] ?? 0
    line.clientStart = numbers[at + (layout.clientStartAt >> 2)] ?? 0
    line.clientEnd = numbers[at + (layout.clientEndAt >> 2)] ?? 0
    line.lastDot = numbers[at + (layout.lastDotAt >> 2)] ?? 0
    line.methodStart = numbers[at + (layout.methodStartAt >> 2)] ?? 0
    line.methodEnd = numbers[at + (layout.methodEndAt >> 2)] ?? 0
    line.pathStart = numbers[at + (layout.pathStartAt >> 2)] ?? 0
    line.endpointEnd = numbers[at + (layout.endpointEndAt >> 2)] ?? 0
    line.pathEnd = numbers[at + (layout.pathEndAt >> 2)] ?? 0
    line.protocolStart = numbers[at + (layout.protocolStartAt >> 2)] ?? 0
    line.protocolEnd = numbers[at + (layout.protocolEndAt >> 2)] ?? 0
    line.statusStart = numbers[at + (layout.statusStartAt >> 2)] ?? 0
    line.status = numbers[at + (layout.statusAt >> 2)] ?? 0
    line.sizeStart = numbers[at + (layout.sizeStartAt >> 2)] ?? 0
    line.sizeEnd = numbers[at + (layout.sizeEndAt >> 2)] ?? 0
    line.micros = numbers[at + (layout.microsAt >> 2)] ?? 0
    line.end = numbers[at + (layout.endAt >> 2)] ?? 0
    line.next = numbers[at + (layout.nextAt >> 2)] ?? 0
    line.targetHostStart = numbers[at + (layout.targetHostStartAt >> 2)] ?? 0
    line.targetHostEnd = numbers[at + (layout.targetHostEndAt >> 2)] ?? 0
    line.userStart = numbers[slots + 0] ?? 0
    line.userEnd = numbers[slots + 1] ?? 0
    line.refererStart = numbers[slots + 2] ?? 0
    line.refererEnd = numbers[slots + 3] ?? 0
    line.agentStart = numbers[slots + 4] ?? 0
    line.agentEnd = numbers[slots + 5] ?? 0
    line.hostStart = numbers[slots + 6] ?? 0
    line.hostEnd = numbers[slots + 7] ?? 0
    line.forwardedStart = numbers[slots + 8] ?? 0
    line.forwardedEnd = numbers[slots + 9] ?? 0
    const rest = numbers[at + (layout.restAt >> 2)] ?? 0
    if (rest === 0) return noRest
    return rest === 1 ? (numbers[at + (layout.signatureAt >> 2)] ?? 0) >>> 0 : uncertain
  }

  const isAhead = (table: ScanTable, lineStart: number): boolean =>
    next < count && ahead === table && numbers[(recordAt(next) + layout.startAt) >> 2] === lineStart

  const run: ScanRun = (table, from, lineStart) => {
    if (isAhead(table, lineStart)) return take(recordAt(next++))
    const place = placeOf(table)
    if (from !== lineStart)
      return program.scanLines(from, lineStart, length, place, high, loneRecord, 1) === 0 ? undefined : take(loneRecord)
    // lines of one shape follow each other, but one of another shape may look like them
    most = ahead === table && count === most ? Math.min(2 * most, layout.mostRecords) : 1
    ahead = table
    next = 0
    count = program.scanLines(from, from, length, place, high, layout.recordsAt, most)
    return count === 0 ? undefined : take(recordAt(next++))
  }
  /** Lines that the tables of other formats might fit too are for the reader to judge. */
  const many = (table: ScanTable, from: number, runMany: RunMany): number => {
    if (!table.isTimed || (table.looks !== undefined && !table.isFirst)) return from
    const fits = table.isFirst ? layout.fitsAnyRest : table.hasIdent ? layout.fitsNoIdent : 0
    // a line at which that stops is looked at by itself
    ahead = undefined
    return runMany(placeOf(table), high, fits)
  }
  return { run, many }
}

const recordAt = (index: number): number => layout.recordsAt + index * layout.recordBytes
