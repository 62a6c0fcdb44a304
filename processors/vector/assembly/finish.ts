import {
  clientEndAt,
  clientStartAt,
  hostBit,
  lastDotAt,
  quadAt,
  slotForwarded,
  slotHost,
  slotsAt,
  targetHostEndAt,
  targetHostStartAt,
} from '../layout'
import { byteAt, classOf } from './bytes'
import { isNumber, scanClient } from './fields'

const hostStartAt: i32 = slotsAt + (slotHost - 1) * 8
const forwardedStartAt: i32 = slotsAt + (slotForwarded - 1) * 8

/** The host of an absolute target, where the line has no other. */
export function takeTargetHost(line: i32): void {
  store<i32>(line + hostStartAt, load<i32>(line, targetHostStartAt))
  store<i32>(line + hostStartAt, load<i32>(line, targetHostEndAt), 4)
}

/** Leaves out the port of a virtual host, and one that says nothing; false where the exact rules must look. */
export function finishHost(line: i32): bool {
  const start = load<i32>(line + hostStartAt)
  let end = load<i32>(line + hostStartAt, 4)
  let at = start
  while (at < end && (classOf(byteAt(at)) & hostBit) !== 0) at += 1
  if (at < end) {
    if (byteAt(at) !== 58 || at === start || at + 1 === end || !isNumber(at + 1, end)) return false
    end = at
  }
  if (at - start === 1 && (byteAt(start) === 45 || byteAt(start) === 95)) end = start
  store<i32>(line + hostStartAt, end, 4)
  if (end === start) takeTargetHost(line)
  return true
}

/** Checks a list of forwarded clients, and takes the first where it is to be the client; `peered` lines have another one. */
export function finishForwarded(line: i32, peered: bool, takesForwarded: bool): bool {
  const start = load<i32>(line + forwardedStartAt)
  const end = load<i32>(line + forwardedStartAt, 4)
  if (end - start === 1 && byteAt(start) === 45) {
    if (!peered) {
      store<i32>(line, start, clientStartAt)
      store<i32>(line, end, clientEndAt)
      store<i32>(line, 0, quadAt)
    }
    return true
  }
  if (start === end) return false
  const clientStart = load<i32>(line, clientStartAt)
  const clientEnd = load<i32>(line, clientEndAt)
  const lastDot = load<i32>(line, lastDotAt)
  const quad = load<i32>(line, quadAt)
  let at = end
  while (at > start) {
    let from = at
    while (from > start && byteAt(from - 1) !== 44) from -= 1
    const next = from
    if (from > start && byteAt(from) === 32) from += 1
    if (scanClient(line, from, 44) !== at || load<i32>(line, quadAt) === 0) return false
    at = next > start ? next - 1 : start
  }
  if (!takesForwarded) {
    store<i32>(line, clientStart, clientStartAt)
    store<i32>(line, clientEnd, clientEndAt)
    store<i32>(line, lastDot, lastDotAt)
    store<i32>(line, quad, quadAt)
  }
  return true
}
