import { decodeUtf8, innermost, type ParsedLine, parseLine } from './parse-line.ts'
import type { Moment } from './parse-time.ts'
import type { Reading } from './reading.ts'
import { formatsBehind, isDirective, isHeader, mayHoldDirective } from './w3c-header.ts'

/** Parses the lines of one log one after another by the exact rules; undefined for a directive, which is no line of the log. */
export type LineParser = (line: Uint8Array | string) => ParsedLine | undefined

export const createLineParser = ({ formats, client }: Reading, now: Moment): LineParser => {
  let header: string | undefined
  return (line) => {
    const text = typeof line === 'string' ? line : decodeUtf8(line)
    const inside = mayHoldDirective(text) ? innermost(text, now) : text
    if (isDirective(inside)) {
      if (isHeader(inside)) header = inside
      return undefined
    }
    const known = header === undefined ? formats : formatsBehind(header, formats)
    return parseLine(text, { formats: known, client, now })
  }
}
