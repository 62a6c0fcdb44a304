import type { DurationUnit } from './template.ts'

/** Null for what logs write where there is nothing. */
export const present = (text: string | undefined): string | null =>
  text === undefined || text === '' || text === '-' ? null : text

/** A user's name; `""` is nobody. */
export const userOf = (text: string | undefined): string | null => {
  const trimmed = (text ?? '').trim()
  const bare = trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"') ? trimmed.slice(1, -1) : trimmed
  return present(bare)
}

/** The first of a list of clients, without its port. */
export const clientOf = (text: string): string => {
  const comma = text.indexOf(',')
  return withoutPort(comma < 0 ? text : text.slice(0, comma).trim())
}

/** `192.0.2.1:80` and `[2001:db8::1]:443` without what is not the address. */
const withoutPort = (text: string): string => {
  if (text.startsWith('[')) {
    const end = text.indexOf(']')
    return end < 0 ? text : text.slice(1, end)
  }
  const colon = text.indexOf(':')
  return colon > 0 && colon === text.lastIndexOf(':') && /^\d+$/.test(text.slice(colon + 1))
    ? text.slice(0, colon)
    : text
}

/** A virtual host without its port; null for `-` and nginx's `_`. */
export const hostOf = (text: string | null | undefined): string | null => {
  const host = present(withoutPort(text ?? ''))
  return host === '_' ? null : host
}

const perMillisecond: Readonly<Record<DurationUnit, number>> = { s: 0.001, ms: 1, us: 1000, ns: 1_000_000 }
const duration = /^\+?(\d{1,12})(?:\.(\d{0,9})\d*)?(ns|us|\u00b5s|ms|s)?$/

/** Milliseconds of `0.220`, `220000` or `220ms`; a unit in the text wins. Null for anything else. */
export const durationOf = (text: string | undefined, unit: DurationUnit = 'ms'): number | null => {
  const found = duration.exec(text ?? '')
  if (found === null) return null
  const fraction = found[2] ?? ''
  const written = found[3] === '\u00b5s' ? 'us' : (found[3] as DurationUnit | undefined)
  return millisecondsOf(Number(`${found[1]}${fraction}`), fraction.length, written ?? unit)
}

/** Milliseconds of `digits` with so many of them behind the point: whole numbers are divided once, so nothing is lost. */
const millisecondsOf = (digits: number, places: number, unit: DurationUnit): number => {
  const scale = perMillisecond[unit]
  return unit === 's' ? (digits * 1000) / 10 ** places : digits / (10 ** places * scale)
}
