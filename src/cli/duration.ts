import { InvalidArgumentError } from 'commander'

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

const isUnit = (text: string): text is keyof typeof units => text in units

/** Milliseconds of `10s`, `500ms`, `2m`, `1h`; a bare number is seconds. */
export const parseDuration = (text: string): number => {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(text.trim()) ?? []
  const factor = unit === '' ? 1000 : isUnit(unit) ? units[unit] : Number.NaN
  const ms = digits === '' ? Number.NaN : Math.round(Number(digits) * factor)
  if (!(ms > 0)) throw new InvalidArgumentError('It takes a time such as 10s, 500ms or 2m.')
  return ms
}
