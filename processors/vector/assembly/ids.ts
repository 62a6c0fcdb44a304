import { idEndsAt, idTextsAt } from '../layout'
import { areaAt } from './bytes'

/**
 * Writes texts one behind another, each behind its length of four bytes: the same `headLength` bytes at `head`, then the digits of a
 * whole number, which is `base` and one of `count` numbers at `places`. Where each ends is written too; the place behind the last.
 */
export function putIds(head: i32, headLength: i32, base: f64, places: i32, count: i32): i32 {
  const texts = areaAt(idTextsAt)
  const ends = areaAt(idEndsAt)
  const first = <u64>base
  let at = texts
  for (let i = 0; i < count; i++) {
    memory.copy(at + 4, head, headLength)
    const digits = at + 4 + headLength
    const end = putDigits(digits, first + load<u32>(places + i * 4))
    store<i32>(at, end - at - 4)
    at = end
    store<i32>(ends + i * 4, at - texts)
  }
  return at - texts
}

function putDigits(at: i32, value: u64): i32 {
  let length = 1
  for (let power: u64 = 10; value >= power && length < 16; power *= 10) length += 1
  let rest = value
  for (let i = at + length - 1; i >= at; i--) {
    const next = rest / 10
    store<u8>(i, 48 + <u32>(rest - next * 10))
    rest = next
  }
  return at + length
}
