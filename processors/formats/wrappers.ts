import { type Moment, months, parseTime } from './parse-time.ts'

/** A line without what another program put around it. */
export interface Unwrapped {
  readonly text: string
  /** The time that the other program wrote; of use where the line itself has none. */
  readonly time?: Moment | undefined
}

export interface Wrapper {
  readonly id: string
  /** As the report names it. */
  readonly title: string
  /** The line inside, or undefined where this is not around it; `now` gives the year where the time has none. */
  unwrap(text: string, now: Moment): Unwrapped | undefined
  /** Matches what stands before the line inside, where that is all there is of the wrapper. */
  readonly prefix?: RegExp
}

const stamp = '[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d'
const isoStamp = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:?\\d\\d)'

/** The first group of an IPv6 address, which is no line's number: nothing but the rest of an address follows it. */
const firstGroup = '[23]\\d{3}:(?!::|[23][0-9a-fA-F]{3}:|f[cdeCDE][0-9a-fA-F]{2}:)[0-9a-fA-F]{0,4}:'
/** A host, then a program; the blank tells a program from the first group of an IPv6 address. */
const hostAndTag = '[\\w.:-]+ [^\\s:"{}[\\]]+(?:\\[\\d+\\])?: '

const byPrefix = (
  id: string,
  title: string,
  prefix: RegExp,
  may: (text: string) => boolean,
  timeOf: (found: RegExpExecArray, now: Moment) => Moment | undefined = () => undefined,
): Wrapper => ({
  id,
  title,
  prefix,
  unwrap: (text, now) => {
    const found = may(text) ? prefix.exec(text) : null
    return found === null ? undefined : { text: text.slice(found[0].length), time: timeOf(found, now) }
  },
})

// Most lines have nothing around them, and a look at a character is much quicker than a pattern.
const beginsWith =
  (...characters: readonly string[]) =>
  (text: string): boolean =>
    characters.includes(text.charAt(0))
const hasIsoDay = (text: string): boolean => text.charCodeAt(4) === 45 && text.charCodeAt(10) === 84
const mayHaveStamp = (text: string): boolean => text.charAt(0) === '<' || hasIsoDay(text)
const mayHaveMonth = (text: string): boolean =>
  text.charAt(0) === '<' || (text.charAt(3) === ' ' && text.charAt(6) === ' ')
const hasColonFirst = (text: string): boolean => {
  const colon = text.indexOf(':')
  const blank = text.indexOf(' ')
  return colon > 0 && (blank < 0 || colon < blank)
}

/** `Mar 12 10:00:00` of the year that ends now; a day ahead is clocks that differ. */
const syslogTime = (text: string | undefined, now: Moment): Moment | undefined => {
  const found = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d)$/.exec(text ?? '')
  const month = months.indexOf(found?.[1] ?? '') + 1
  if (found === null || month === 0) return undefined
  const year = new Date(now.second * 1000).getUTCFullYear()
  const at = (of: number): Moment | undefined =>
    parseTime(`${of}-${String(month).padStart(2, '0')}-${found[2]?.trim().padStart(2, '0')}T${found[3]}Z`)
  const thisYear = at(year)
  return thisYear !== undefined && thisYear.second <= now.second + 86_400 ? thisYear : at(year - 1)
}

const dockerJson: Wrapper = {
  id: 'docker_json',
  title: 'docker json-file',
  unwrap: (text) => {
    if (!/^\{\s*"(?:log|stream|time|attrs)"\s*:/.test(text)) return undefined
    try {
      const { log, time } = JSON.parse(text) as { readonly log?: unknown; readonly time?: unknown }
      if (typeof log !== 'string') return undefined
      return { text: log.replace(/\r?\n$/, ''), time: typeof time === 'string' ? parseTime(time) : undefined }
    } catch {
      return undefined
    }
  },
}

const quotes: Wrapper = {
  id: 'quotes',
  title: 'quotes',
  unwrap: (text) => {
    if (text.length < 3 || !text.startsWith('"') || !text.endsWith('"')) return undefined
    const inside = text.slice(1, -1)
    if (/^(?:[^"\\]|\\[\s\S])*$/.test(inside)) return { text: inside.replace(/\\(["\\/])/g, '$1') }
    return { text: /^(?:[^"]|"")*$/.test(inside) ? inside.replaceAll('""', '"') : inside }
  },
}

/** What other programs put around a line; they may stand in one another. */
export const wrappers: readonly Wrapper[] = [
  byPrefix('syslog', 'syslog', new RegExp(`^(?:<\\d{1,3}>)?(${stamp}) ${hostAndTag}`), mayHaveMonth, (found, now) =>
    syslogTime(found[1], now),
  ),
  byPrefix(
    'syslog_5424',
    'syslog',
    new RegExp(`^<\\d{1,3}>1 (${isoStamp}|-) \\S+ \\S+ \\S+ \\S+ (?:-|(?:\\[(?:[^\\]\\\\]|\\\\.)*\\])+) (?:\\ufeff)?`),
    beginsWith('<'),
    (found) => parseTime(found[1] ?? ''),
  ),
  byPrefix('syslog_iso', 'syslog', new RegExp(`^(?:<\\d{1,3}>)?(${isoStamp}) ${hostAndTag}`), mayHaveStamp, (found) =>
    parseTime(found[1] ?? ''),
  ),
  byPrefix('cri', 'Kubernetes CRI', new RegExp(`^(${isoStamp}) (?:stdout|stderr) [FP] `), hasIsoDay, (found) =>
    parseTime(found[1] ?? ''),
  ),
  byPrefix('compose', 'docker compose', /^[A-Za-z0-9][\w.@-]* +\| /, (text) => text.includes('| ')),
  byPrefix('pod', 'kubectl', /^\[pod\/[^\s\]]+\] /, beginsWith('[')),
  byPrefix('stamp', 'a time', new RegExp(`^(${isoStamp}) (?!${hostAndTag})`), hasIsoDay, (found) =>
    parseTime(found[1] ?? ''),
  ),
  byPrefix(
    'grep',
    'grep',
    new RegExp(`^(?=[^\\s:"]*:)[^\\s:"{[]*(?:\\/|[._-]log)[^\\s:"]*:(?:(?!${firstGroup})\\d+:)?`),
    hasColonFirst,
  ),
  dockerJson,
  quotes,
]
