import { classesAt } from '../layout'

/** Where the area behind the room begins. */
let area: i32 = 0

export function setArea(at: i32): void {
  area = at
}

export function areaAt(offset: i32): i32 {
  return area + offset
}

export function byteAt(at: i32): i32 {
  return load<u8>(at)
}

export function classOf(byte: i32): i32 {
  return load<u8>(area + classesAt + byte)
}

export function isDigit(byte: i32): bool {
  return <u32>(byte - 48) < 10
}

/** 0 to 99, or 100 for anything that is not two digits. */
export function twoDigits(at: i32): i32 {
  const tens = byteAt(at) - 48
  const ones = byteAt(at + 1) - 48
  return <u32>tens < 10 && <u32>ones < 10 ? tens * 10 + ones : 100
}

/** One bit for each of the sixteen bytes at `at` that ends a word: below 33, above 126, a quote, a backslash or `end`. */
function wordStops(at: i32, end: i32): i32 {
  const bytes = v128.load(at)
  return i8x16.bitmask(
    v128.or(
      v128.or(
        v128.or(i8x16.lt_s(bytes, i8x16.splat(33)), i8x16.eq(bytes, i8x16.splat(127))),
        v128.or(i8x16.eq(bytes, i8x16.splat(34)), i8x16.eq(bytes, i8x16.splat(92))),
      ),
      i8x16.eq(bytes, i8x16.splat(<i8>end)),
    ),
  )
}

/** The first place from `from` on whose byte ends a word. */
export function endOfWord(from: i32, end: i32): i32 {
  let at = from
  let stops = wordStops(at, end)
  while (stops === 0) {
    at += 16
    stops = wordStops(at, end)
  }
  return at + ctz(stops)
}

/** One bit for each of the sixteen bytes at `at` that a query string has where nobody attacks: letters, digits and `_?&=~@,-`. */
function plainBits(bytes: v128): i32 {
  const letters = i8x16.lt_u(i8x16.sub(v128.or(bytes, i8x16.splat(32)), i8x16.splat(97)), i8x16.splat(26))
  const digits = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(48)), i8x16.splat(10))
  const marks = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(63)), i8x16.splat(2))
  const some = v128.or(i8x16.eq(bytes, i8x16.splat(61)), i8x16.eq(bytes, i8x16.splat(38)))
  const others = v128.or(i8x16.eq(bytes, i8x16.splat(95)), i8x16.eq(bytes, i8x16.splat(126)))
  const more = v128.or(i8x16.eq(bytes, i8x16.splat(44)), i8x16.eq(bytes, i8x16.splat(45)))
  return i8x16.bitmask(v128.or(v128.or(v128.or(letters, digits), v128.or(marks, some)), v128.or(others, more)))
}

/** True where a byte of `[from, end)` is no plain one of a query string. */
export function holdsOdd(from: i32, end: i32): bool {
  for (let at = from; at < end; at += 16) {
    const left = end - at
    const odd = ~plainBits(v128.load(at)) & (left < 16 ? (1 << left) - 1 : 0xffff)
    if (odd !== 0) return true
  }
  return false
}

/** One bit for each of the sixteen bytes at `at` that is a digit. */
export function digitBits(bytes: v128): i32 {
  return i8x16.bitmask(i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(48)), i8x16.splat(10)))
}
