import { isUtf8 } from 'node:buffer'
import { type LogEvent, maxLineBytes, type ParsedLine, type RejectReason } from './event.ts'
import { parseTime } from './parse-time.ts'

// White space of Unicode with the four separators of ASCII: logs are cut by it, and \s of this language is another set.
const space = '\\t\\v\\f\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const word = `([^\\n${space}]+)`
const quoted = '"([^"\\\\]*(?:\\\\[^][^"\\\\]*)*)"'

/** demo, combined (also with one more quoted field) and common, told apart by what stands in them. */
const line = new RegExp(
  `^${word} ${word} ${word} \\[([^\\]]+)\\] ${quoted} (\\d{3}) (\\d+|-)(?: ${quoted} ${quoted}(?: ${quoted})?)?[${space}]*$`,
)
const request = new RegExp(`^([A-Za-z!#$%&'*+.^_\`|~0-9-]+) ${word} (HTTP/\\d(?:\\.\\d)?)$`)

const largest = 9_223_372_036_854_775_807n

/** One line without its line end, as bytes or text, by the exact rules; never throws. */
export const parseLine = (input: Uint8Array | string): ParsedLine => {
  if (typeof input === 'string') {
    return Buffer.byteLength(input) > maxLineBytes ? reject('too_long') : parseText(input)
  }
  if (input.length > maxLineBytes) return reject('too_long')
  if (!isUtf8(input)) return reject('invalid_utf8')
  return parseText(Buffer.from(input.buffer, input.byteOffset, input.length).toString('utf8'))
}

const parseText = (text: string): ParsedLine => {
  const found = line.exec(text)
  if (found === null) return reject('no_match')
  const time = parseTime(found[4] ?? '')
  if (time === undefined) return reject('bad_time')
  const status = Number(found[6])
  if (status < 100 || status > 599) return reject('bad_status')
  const size = found[7] === '-' ? 0n : BigInt(found[7] ?? '0')
  if (size > largest) return reject('bad_size')
  const said = found[5] ?? ''
  const words = request.exec(said)
  const event: LogEvent = {
    host: found[1] ?? '',
    user: present(found[3]),
    ...time,
    request: said,
    method: words?.[1] ?? null,
    path: words?.[2] ?? null,
    protocol: words?.[3] ?? null,
    status,
    size,
    referer: present(found[8]),
    agent: present(found[9]),
  }
  return { ok: true, event }
}

const present = (text: string | undefined): string | null =>
  text === undefined || text === '' || text === '-' ? null : text

const reject = (reason: RejectReason): ParsedLine => ({ ok: false, reason })
