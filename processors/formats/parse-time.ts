const iso = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/
const clf = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})$/
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

/** The moment of `2026-11-01T05:00:09.185318+0000` or `17/May/2015:10:05:03 +0000`; undefined when there is no such time. */
export const parseTime = (text: string): Moment | undefined => {
  const i = iso.exec(text)
  if (i !== null) {
    const fraction = Number((i[7] ?? '').padEnd(6, '0').slice(0, 6))
    return combine(Number(i[1]), Number(i[2]), Number(i[3]), clock(i[4], i[5], i[6]), fraction, zone(i[8] ?? ''))
  }
  const c = clf.exec(text)
  if (c === null) return undefined
  const month = months.indexOf(c[2] ?? '') + 1
  return combine(Number(c[3]), month, Number(c[1]), clock(c[4], c[5], c[6]), 0, zone(c[7] ?? ''))
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

const zone = (text: string): number | undefined => {
  if (text === 'Z') return 0
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2))
  if (minutes >= 1440) return undefined
  return text.startsWith('-') ? -minutes : minutes
}
