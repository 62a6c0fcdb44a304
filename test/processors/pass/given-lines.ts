import type { OutputSettings } from '../../../processors/chunk-processor.ts'
import { lineEnds, runPass, settings } from './support.ts'

/** A line of a log, as far as a test cares. */
export interface Given {
  readonly host?: string
  readonly user?: string
  readonly at?: string
  readonly request?: string
  readonly status?: number
  readonly referer?: string
  readonly agent?: string
}

export const line = (given: Given): string => {
  const { host = '198.51.100.7', user = '-', at = '05:00:00', request = 'GET / HTTP/1.1', status = 200 } = given
  const { referer = '-', agent = '-' } = given
  return `${host} - ${user} [2026-11-01T${at}Z] "${request}" ${status} 10 "${referer}" "${agent}"`
}

export const logOf = (lines: readonly Given[]): Buffer => Buffer.from(`${lines.map(line).join('\n')}\n`)
export const repeat = (times: number, given: Given): readonly Given[] => Array.from({ length: times }, () => given)

/** Emergencies of a log that is cut behind so many lines, each with the number of the line that raised it. */
export const alertsOf = (lines: readonly Given[], cuts: readonly number[] = [], given: OutputSettings = settings) => {
  const bytes = logOf(lines)
  const ends = [0, ...lineEnds(bytes)]
  const { alerts } = runPass(
    bytes,
    ['alerts'],
    cuts.map((count) => ends[count] ?? 0),
    given,
  )
  return alerts.map((alert) => ({ ...alert, line: ends.indexOf(alert.off) }))
}
