import { microsAt, secondAt } from '../layout'
import { byteAt, isDigit, twoDigits } from './bytes'

/** The first second behind the year 9999. */
const endOfTime: i64 = 253402300800

// The day of the last line: its text, how long that is, and its first second.
let knownHead: u64 = 0
let knownTail: u32 = 0
let knownLength: i32 = 0
let daySeconds: i64 = 0

const isoLength: i32 = 10
const clfLength: i32 = 11

/** The place behind the time that begins at `from`, or -1 when the exact rules must decide. Reads at most 40 bytes on. */
export function scanTime(line: i32, from: i32): i32 {
  const iso = byteAt(from + 4) === 45
  if (!iso && byteAt(from + 2) !== 47) return scanEpoch(line, from)
  const length = iso ? isoLength : clfLength
  const head = load<u64>(from)
  const tail: u32 = iso ? load<u16>(from + 8) : load<u16>(from + 8) | ((<u32>byteAt(from + 10)) << 16)
  if (head !== knownHead || tail !== knownTail || length !== knownLength) {
    if (!learnDay(from, iso)) return -1
    knownHead = head
    knownTail = tail
    knownLength = length
  }
  let at = from + length
  const gap = byteAt(at)
  if (!(iso ? gap === 84 || gap === 32 || gap === 9 : gap === 58)) return -1
  if (byteAt(at + 3) !== 58 || byteAt(at + 6) !== 58) return -1
  const hours = twoDigits(at + 1)
  const minutes = twoDigits(at + 4)
  const seconds = twoDigits(at + 7)
  if (hours > 23 || minutes > 59 || seconds > 59) return -1
  at += 9
  store<i32>(line, 0, microsAt)
  if (byteAt(at) === 46) {
    at = scanFraction(line, at + 1)
    if (at < 0) return -1
  }
  const blank = byteAt(at) === 32 ? 1 : 0
  const sign = byteAt(at + (iso ? 0 : blank))
  let zone = 0
  if (sign === 90 && iso) at += 1
  else if (sign === 43 || sign === 45) {
    if (!iso) at += blank
    const minutesAt = iso && byteAt(at + 3) === 58 ? at + 4 : at + 3
    const zoneHours = twoDigits(at + 1)
    const zoneMinutes = twoDigits(minutesAt)
    if (zoneHours > 99 || zoneMinutes > 99) return -1
    zone = zoneHours * 60 + zoneMinutes
    if (zone >= 1440) return -1
    if (sign === 45) zone = -zone
    at = minutesAt + 2
  }
  const second = daySeconds + hours * 3600 + minutes * 60 + seconds - zone * 60
  store<f64>(line, <f64>second, secondAt)
  return second < 0 || second >= endOfTime ? -1 : at
}

/** Ten digits are seconds; counts of smaller parts are left to the exact rules. */
function scanEpoch(line: i32, from: i32): i32 {
  let at = from
  let second: i64 = 0
  for (; at < from + 10 && isDigit(byteAt(at)); at++) second = second * 10 + byteAt(at) - 48
  if (at !== from + 10 || isDigit(byteAt(at))) return -1
  store<f64>(line, <f64>second, secondAt)
  store<i32>(line, 0, microsAt)
  return byteAt(at) === 46 ? scanFraction(line, at + 1) : at
}

/** One to nine digits, of which six count. */
function scanFraction(line: i32, from: i32): i32 {
  let value = 0
  let at = from
  for (; at < from + 9 && isDigit(byteAt(at)); at++) if (at < from + 6) value = value * 10 + byteAt(at) - 48
  if (at === from) return -1
  for (let i = at; i < from + 6; i++) value *= 10
  store<i32>(line, value, microsAt)
  return at
}

/** Takes in the day that stands at `from`; false where there is no such day since 1970. */
function learnDay(from: i32, iso: bool): bool {
  knownLength = 0
  const day = twoDigits(iso ? from + 8 : from)
  const month = iso ? twoDigits(from + 5) : monthAt(from + 3)
  const century = twoDigits(iso ? from : from + 7)
  const rest = twoDigits(iso ? from + 2 : from + 9)
  if (century > 99 || rest > 99 || month < 1 || month > 12) return false
  if (iso ? byteAt(from + 7) !== 45 : byteAt(from + 6) !== 47) return false
  const year = century * 100 + rest
  if (year < 1970 || day < 1 || day > daysIn(year, month)) return false
  daySeconds = <i64>daysSinceEpoch(year, month, day) * 86400
  return true
}

/** `Jan` to `Dec` as 1 to 12; else 0. */
function monthAt(at: i32): i32 {
  switch (byteAt(at) | (byteAt(at + 1) << 8) | (byteAt(at + 2) << 16)) {
    case 0x6e614a:
      return 1
    case 0x626546:
      return 2
    case 0x72614d:
      return 3
    case 0x727041:
      return 4
    case 0x79614d:
      return 5
    case 0x6e754a:
      return 6
    case 0x6c754a:
      return 7
    case 0x677541:
      return 8
    case 0x706553:
      return 9
    case 0x74634f:
      return 10
    case 0x766f4e:
      return 11
    case 0x636544:
      return 12
    default:
      return 0
  }
}

function daysIn(year: i32, month: i32): i32 {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Days since 1970-01-01 in the Gregorian calendar, of years that begin in March. */
function daysSinceEpoch(year: i32, month: i32, day: i32): i32 {
  const from = month < 3 ? year - 1 : year
  const ofYear = (153 * (month < 3 ? month + 9 : month - 3) + 2) / 5 + day - 1
  return from * 365 + from / 4 - from / 100 + from / 400 + ofYear - 719468
}
