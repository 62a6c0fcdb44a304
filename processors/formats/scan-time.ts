import { daysSinceEpoch, endOfTime, months } from './parse-time.ts'

/** Reads the plain times of logs from bytes; the day of the last line is remembered. */
export interface TimeScanner {
  second: number
  micros: number
  /** The place behind the time that begins at `from`, or -1 when the exact rules must decide. Reads at most 40 bytes on. */
  scan(bytes: Uint8Array, from: number): number
}

const isoDayLength = 10
const clfDayLength = 11

export const createTimeScanner = (): TimeScanner => {
  const known = new Uint8Array(clfDayLength)
  let knownLength = 0
  let daySeconds = 0

  const learnDay = (bytes: Uint8Array, from: number, length: number): boolean => {
    knownLength = 0
    const text = String.fromCharCode(...bytes.subarray(from, from + length))
    const days = length === isoDayLength ? isoDay(text) : clfDay(text)
    if (days === undefined || days < 0) return false
    for (let i = 0; i < length; i++) known[i] = bytes[from + i] ?? 0
    knownLength = length
    daySeconds = days * 86_400
    return true
  }

  const isKnown = (bytes: Uint8Array, from: number, length: number): boolean => {
    if (length !== knownLength) return false
    for (let i = length - 1; i >= 0; i--) if (bytes[from + i] !== known[i]) return false
    return true
  }

  const self: TimeScanner = {
    second: 0,
    micros: 0,
    scan(bytes, from) {
      const iso = bytes[from + 4] === 45
      if (!iso && bytes[from + 2] !== 47) return scanEpoch(bytes, from)
      const length = iso ? isoDayLength : clfDayLength
      if (!isKnown(bytes, from, length) && !learnDay(bytes, from, length)) return -1
      let at = from + length
      if (!isDayEnd(bytes[at] ?? 0, iso) || bytes[at + 3] !== 58 || bytes[at + 6] !== 58) return -1
      const hours = twoDigits(bytes, at + 1)
      const minutes = twoDigits(bytes, at + 4)
      const seconds = twoDigits(bytes, at + 7)
      if (hours > 23 || minutes > 59 || seconds > 59) return -1
      at += 9
      self.micros = 0
      if (bytes[at] === 46) {
        const end = scanFraction(bytes, at + 1)
        if (end < 0) return -1
        at = end
      }
      const blank = bytes[at] === 32 ? 1 : 0
      const sign = bytes[at + (iso ? 0 : blank)] ?? 0
      let zone = 0
      if (sign === 90 && iso) at += 1
      else if (sign === 43 || sign === 45) {
        if (!iso) at += blank
        const minutesAt = iso && bytes[at + 3] === 58 ? at + 4 : at + 3
        const zoneHours = twoDigits(bytes, at + 1)
        const zoneMinutes = twoDigits(bytes, minutesAt)
        if (zoneHours > 99 || zoneMinutes > 99) return -1
        zone = zoneHours * 60 + zoneMinutes
        if (zone >= 1440) return -1
        if (sign === 45) zone = -zone
        at = minutesAt + 2
      }
      self.second = daySeconds + hours * 3600 + minutes * 60 + seconds - zone * 60
      return self.second < 0 || self.second >= endOfTime ? -1 : at
    },
  }

  /** Ten digits are seconds; counts of smaller parts are left to the exact rules. */
  const scanEpoch = (bytes: Uint8Array, from: number): number => {
    let at = from
    let second = 0
    let digit = (bytes[at] ?? 0) - 48
    for (; at < from + 10 && digit >= 0 && digit <= 9; digit = (bytes[at] ?? 0) - 48) {
      second = second * 10 + digit
      at += 1
    }
    if (at !== from + 10 || (digit >= 0 && digit <= 9)) return -1
    self.second = second
    self.micros = 0
    return bytes[at] === 46 ? scanFraction(bytes, at + 1) : at
  }

  /** One to nine digits, of which six count. */
  const scanFraction = (bytes: Uint8Array, from: number): number => {
    let value = 0
    let at = from
    for (; at < from + 9; at++) {
      const digit = (bytes[at] ?? 0) - 48
      if (digit < 0 || digit > 9) break
      if (at < from + 6) value = value * 10 + digit
    }
    if (at === from) return -1
    for (let i = at; i < from + 6; i++) value *= 10
    self.micros = value
    return at
  }
  return self
}

/** What stands between a day and its clock: `T`, a blank or a tab; in common logs a colon. */
const isDayEnd = (byte: number, iso: boolean): boolean => (iso ? byte === 84 || byte === 32 || byte === 9 : byte === 58)

/** 0 to 99, or 100 for anything that is not two digits. */
const twoDigits = (bytes: Uint8Array, at: number): number => {
  const tens = (bytes[at] ?? 0) - 48
  const ones = (bytes[at + 1] ?? 0) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : 100
}

const isoDay = (text: string): number | undefined => {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  return found === null ? undefined : daysSinceEpoch(Number(found[1]), Number(found[2]), Number(found[3]))
}

const clfDay = (text: string): number | undefined => {
  const found = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4})$/.exec(text)
  if (found === null) return undefined
  return daysSinceEpoch(Number(found[3]), months.indexOf(found[2] ?? '') + 1, Number(found[1]))
}
