// Lines one behind another as rows of numbers.

import {
  agentColumn,
  blockRows,
  clientColumn,
  clientEndAt,
  clientStartAt,
  columnCount,
  durationAt,
  fitsAnyRest,
  fitsNoIdent,
  forwardedColumn,
  hostColumn,
  isNull,
  isOwn,
  isZero,
  messageColumn,
  methodColumn,
  methodEndAt,
  methodStartAt,
  microsAt,
  mostOwn,
  mostRecords,
  nextAt,
  ownCountAt,
  ownTextsAt,
  pathColumn,
  pathEndAt,
  pathStartAt,
  protocolColumn,
  protocolEndAt,
  protocolStartAt,
  recordBytes,
  recordsAt,
  refererColumn,
  restAt,
  rowCountAt,
  rowDurationsAt,
  rowNumbersAt,
  rowPlacesAt,
  rowStatusesAt,
  rowTimesAt,
  secondAt,
  sizeAt,
  sizeColumn,
  sizeEndAt,
  sizeStartAt,
  slotAgent,
  slotForwarded,
  slotHost,
  slotReferer,
  slotsAt,
  slotUser,
  statusAt,
  userColumn,
} from '../layout'
import { areaAt, byteAt } from './bytes'
import { numberOf, numberOfFew, numberOfMessage } from './numbers'
import { scanLine } from './scan'

/**
 * Makes rows of the lines from `from` on by a table, until one does not fit or the block is full; the place behind the last. `fits`
 * says what a line must be like beside what the table says.
 */
export function numberLines(from: i32, length: i32, table: i32, high: i32, fits: i32): i32 {
  const line = areaAt(recordsAt + mostRecords * recordBytes)
  let row = load<i32>(areaAt(rowCountAt))
  let at = from
  const most = mostOwn - columnCount
  while (
    row < blockRows &&
    load<i32>(areaAt(ownCountAt)) <= most &&
    at < length &&
    scanLine(line, at, at, length, areaAt(table), high)
  ) {
    if (load<i32>(line, restAt) !== 0 && (fits & fitsAnyRest) === 0) break
    if ((fits & fitsNoIdent) !== 0) {
      const end = load<i32>(line, clientEndAt)
      if (byteAt(end + 1) !== 45 || byteAt(end + 2) !== 32) break
    }
    putRow(line, row, at)
    row += 1
    at = load<i32>(line, nextAt)
  }
  store<i32>(areaAt(rowCountAt), row)
  return at
}

function putRow(line: i32, row: i32, at: i32): void {
  const time = <i64>load<f64>(line, secondAt) * 1000000 + load<i32>(line, microsAt)
  const status = load<i32>(line, statusAt)
  store<i64>(areaAt(rowTimesAt) + row * 8, time)
  store<f64>(areaAt(rowDurationsAt) + row * 8, load<f64>(line, durationAt))
  store<i32>(areaAt(rowPlacesAt) + row * 4, at)
  store<i32>(areaAt(rowStatusesAt) + row * 4, status)
  putRange(row, clientColumn, load<i32>(line, clientStartAt), load<i32>(line, clientEndAt))
  putSlot(line, row, userColumn, slotUser)
  const method = putFew(row, methodColumn, load<i32>(line, methodStartAt), load<i32>(line, methodEndAt))
  const path = putRange(row, pathColumn, load<i32>(line, pathStartAt), load<i32>(line, pathEndAt))
  putProtocol(row, load<i32>(line, protocolStartAt), load<i32>(line, protocolEndAt))
  putSlot(line, row, refererColumn, slotReferer)
  putSlot(line, row, agentColumn, slotAgent)
  putSlot(line, row, hostColumn, slotHost)
  putSlot(line, row, forwardedColumn, slotForwarded)
  putSize(line, row)
  putMessage(row, method, path, status)
}

function put(row: i32, column: i32, value: i32): void {
  store<i32>(areaAt((column * blockRows + row) * 4) + rowNumbersAt, value)
}

function putRange(row: i32, column: i32, from: i32, to: i32): i32 {
  const number = numberOf(column, from, to)
  put(row, column, number < 0 ? putOwn(from, to) : number)
  return number
}

function putFew(row: i32, column: i32, from: i32, to: i32): i32 {
  const number = numberOfFew(column, from, to)
  put(row, column, number < 0 ? putOwn(from, to) : number)
  return number
}

function putProtocol(row: i32, from: i32, to: i32): void {
  if (from === to || (to === from + 1 && byteAt(from) === 45)) put(row, protocolColumn, isNull)
  else putFew(row, protocolColumn, from, to)
}

/** What stands in a row for a text without a number. */
function putOwn(from: i32, to: i32): i32 {
  const count = load<i32>(areaAt(ownCountAt))
  const own = areaAt(ownTextsAt + count * 8)
  store<i32>(own, from)
  store<i32>(own, to, 4)
  store<i32>(areaAt(ownCountAt), count + 1)
  return isOwn - count
}

/** Nothing and a dash are no value. */
function putPresent(row: i32, column: i32, from: i32, to: i32): void {
  if (from === to || (to === from + 1 && byteAt(from) === 45)) put(row, column, isNull)
  else putRange(row, column, from, to)
}

function putSlot(line: i32, row: i32, column: i32, slot: i32): void {
  const at = line + slotsAt + (slot - 1) * 8
  putPresent(row, column, load<i32>(at), load<i32>(at, 4))
}

function putSize(line: i32, row: i32): void {
  const from = load<i32>(line, sizeStartAt)
  const to = load<i32>(line, sizeEndAt)
  if (to > from) putRange(row, sizeColumn, from, to)
  else put(row, sizeColumn, load<f64>(line, sizeAt) < 0 ? isNull : isZero)
}

function putMessage(row: i32, method: i32, path: i32, status: i32): void {
  put(row, messageColumn, method < 0 || path < 0 ? isNull : numberOfMessage(method, path, status))
}
