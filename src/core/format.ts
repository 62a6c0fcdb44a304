const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']

/** What stands where a number is not known. */
const unknownFigure = '—'

/** A whole number with thousands separators: `208,172`. */
export const formatCount = (value: number): string => {
  const digits = Math.abs(Math.round(value)).toString()
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, ',')
  return value < 0 && digits !== '0' ? `-${grouped}` : grouped
}

/** A number in at most four characters: `987`, `1.2k`, `34k`, `5M`. */
export const formatCompact = (value: number): string => {
  if (value < 999.5) return formatCount(value)
  const [scaled, unit] =
    value < 999_500 ? [value / 1e3, 'k'] : value < 999_500_000 ? [value / 1e6, 'M'] : [value / 1e9, 'G']
  return `${scaled < 9.95 ? trimZero(scaled.toFixed(1)) : scaled.toFixed(0)}${unit}`
}

/** Bytes with a decimal unit (1 KB is 1,000 bytes): `126 KB`, `33.1 MB`. */
export const formatBytes = (bytes: number): string => scale(bytes, 1000)

/** Memory with the binary unit that clouds sell it by (512 MB is 512 x 1,048,576 bytes): `512 MB`. */
export const formatMemory = (bytes: number): string => {
  const text = scale(bytes, 1024)
  return text.replace('.0 ', ' ')
}

const scale = (bytes: number, step: number): string => {
  let value = bytes
  let unit = 0
  while (value >= step - (unit === 0 ? 0 : 0.5) && unit < units.length - 1) {
    value /= step
    unit += 1
  }
  const digits = unit <= 1 ? formatCount(value) : value < 99.95 ? value.toFixed(1) : formatCount(value)
  return `${digits} ${units[unit]}`
}

/** How long something took: `41 ms`, `2.1 s`, `2:40`, `1:04:05`. */
export const formatDuration = (ms: number): string => {
  if (ms < 99.5) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  return formatElapsed(ms)
}

/** How long something has been going on: `0:02`, `12:40`, `1:04:05`. */
export const formatElapsed = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  const rest = pad(seconds % 60)
  return hours > 0 ? `${hours}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`
}

/** A clock since the start of the talk: `03:12`, `1:04:05`. */
export const formatClock = (ms: number): string => {
  const text = formatElapsed(ms)
  return text.length === 4 ? `0${text}` : text
}

/** How long ago, in words: `just now`, `40 s ago`, `2 hours ago`. */
export const formatAgo = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 5) return 'just now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return plural(Math.floor(seconds / 3600), 'hour')
  return plural(Math.floor(seconds / 86_400), 'day')
}

const plural = (value: number, unit: string): string => `${value} ${unit}${value === 1 ? '' : 's'} ago`

/** A part of a whole: `100 %`, `13 %`, `6.6 %`, `< 0.1 %`; unknown without a whole. */
export const formatShare = (part: number, whole: number): string => {
  if (!(whole > 0)) return unknownFigure
  const percent = (part / whole) * 100
  if (percent > 0 && percent < 0.05) return '< 0.1 %'
  return `${percent < 9.95 && percent > 0 ? percent.toFixed(1) : percent.toFixed(0)} %`
}

/** How many times a part fits into the whole: `110`, `7.5`; unknown without a part. */
export const formatTimes = (whole: number, part: number): string => {
  if (!(part > 0) || !(whole > 0)) return unknownFigure
  const times = whole / part
  return times < 9.95 ? trimZero(times.toFixed(1)) : formatCount(times)
}

/** The time of day of an ISO 8601 timestamp, UTC as it stands: `10:22:31`. */
export const formatTimeOfDay = (iso: string): string => /[T ](\d\d:\d\d:\d\d)/.exec(iso)?.[1] ?? iso.slice(0, 8)

const trimZero = (text: string): string => text.replace(/\.0$/, '')
const pad = (value: number): string => value.toString().padStart(2, '0')
