const iso = /^(\d{4})[-/](\d\d)[-/](\d\d)[T \t](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))? ?(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/
const clf = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4})(?::| (?=\S*$))(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: ([+-]\d{4}))?$/
const rfc = /^[A-Z][a-z]{2}, (\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (GMT|UTC|[+-]\d{4})$/
const epoch = /^(\d{1,11}|\d{13}|\d{16}|\d{19})(?:\.(\d{1,9}))?$/
/** Names of the months as logs have them. */
export const months: readonly string[] = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
]

/** A moment in UTC, exact for every year. */
export interface Moment {
  readonly second: number
  readonly micros: number
}

/**
 * The moment of `2026-11-01T05:00:09.185318+0000`, `17/May/2015:10:05:03 +0000`, `Thu, 12 Mar 2026 10:00:00 GMT` or a count of
 * seconds, milliseconds, microseconds or nanoseconds since the epoch; without a zone UTC. Undefined when there is no such time.
 */
export const parseTime = (text: string): Moment | undefined => {
  const i = iso.exec(text)
  if (i !== null)
    return combine(Number(i[1]), Number(i[2]), Number(i[3]), clock(i[4], i[5], i[6]), sixDigits(i[7]), zone(i[8]))
  const c = clf.exec(text)
  if (c !== null) {
    const month = months.indexOf(c[2] ?? '') + 1
    return combine(Number(c[3]), month, Number(c[1]), clock(c[4], c[5], c[6]), sixDigits(c[7]), zone(c[8]))
  }
  const r = rfc.exec(text)
  if (r !== null) {
    const month = months.indexOf(r[2] ?? '') + 1
    return combine(Number(r[3]), month, Number(r[1]), clock(r[4], r[5], r[6]), 0, zone(r[7]))
  }
  const e = epoch.exec(text)
  return e === null ? undefined : sinceEpoch(e[1] ?? '', e[2])
}

/** True when a time says its zone, or needs none. */
export const hasZone = (text: string): boolean => /(?:Z|UTC|GMT|[+-]\d\d:?\d\d)$/.test(text) || epoch.test(text)

const sixDigits = (fraction = ''): number => Number(fraction.padEnd(6, '0').slice(0, 6))

/** Digits beyond ten or eleven are parts of a second. */
const sinceEpoch = (digits: string, fraction: string | undefined): Moment | undefined => {
  const whole = digits.length <= 11 ? digits.length : 10
  const second = Number(digits.slice(0, whole))
  return second < endOfTime ? { second, micros: sixDigits(digits.slice(whole) + (fraction ?? '')) } : undefined
}

/** Days since the epoch; undefined when there is no such day. */
export const daysSinceEpoch = (year: number, month: number, day: number): number | undefined => {
  if (year < 1 || month < 1 || month > 12 || day < 1) return undefined
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCDate() === day ? date.getTime() / 86_400_000 : undefined
}

/** The years 1 to 9999 in seconds since the epoch: what a TIMESTAMP holds, whatever the zone makes of it. */
const firstSecond = -62_135_596_800
export const endOfTime = 253_402_300_800

const combine = (
  year: number,
  month: number,
  day: number,
  seconds: number | undefined,
  micros: number,
  zoneMinutes: number | undefined,
): Moment | undefined => {
  const days = daysSinceEpoch(year, month, day)
  if (days === undefined || seconds === undefined || zoneMinutes === undefined) return undefined
  const second = days * 86_400 + seconds - zoneMinutes * 60
  return second >= firstSecond && second < endOfTime ? { second, micros } : undefined
}

const clock = (hours = '', minutes = '', seconds = ''): number | undefined =>
  Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60
    ? Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
    : undefined

const zone = (text = 'Z'): number | undefined => {
  if (text === 'Z' || text === 'UTC' || text === 'GMT') return 0
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2))
  if (minutes >= 1440) return undefined
  return text.startsWith('-') ? -minutes : minutes
}
