import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseLine } from '../../../processors/formats/parse-line.ts'
import { createLineScanner } from '../../../processors/formats/scan-line.ts'
import { allocateRoom, findStopIn } from '../../../processors/vector/room.ts'
import { line, mutatedLine } from './lines.ts'

const time = '2026-11-01T05:00:09.185318+0000'
const demo = `198.51.100.7 - alice [${time}] "GET /a?b=1 HTTP/1.1" 200 1234 "https://example.com/" "curl/8.4.0"`
const combined = demo.replace(time, '01/Nov/2026:05:00:09 +0000')
const common = combined.slice(0, combined.indexOf(' "https'))

const event = {
  host: '198.51.100.7',
  user: 'alice',
  second: 1_793_509_209,
  micros: 185_318,
  request: 'GET /a?b=1 HTTP/1.1',
  method: 'GET',
  path: '/a?b=1',
  protocol: 'HTTP/1.1',
  status: 200,
  size: 1234n,
  referer: 'https://example.com/',
  agent: 'curl/8.4.0',
}

const eventOf = (text: string | Uint8Array) => {
  const parsed = parseLine(text)
  if (!parsed.ok) throw new Error(parsed.reason)
  return parsed.event
}

const reasonOf = (text: string | Uint8Array): string => {
  const parsed = parseLine(text)
  return parsed.ok ? 'none' : parsed.reason
}

describe('a line by the exact rules', () => {
  test.each([
    ['demo', demo, event],
    ['combined', combined, { ...event, micros: 0 }],
    ['combined with one more field', `${combined} "10.0.0.1, 10.0.0.2"`, { ...event, micros: 0 }],
    ['common', common, { ...event, micros: 0, referer: null, agent: null }],
    ['space behind it', `${demo}  \t`, event],
  ])('%s', (_, text, expected) => {
    expect(eventOf(text)).toEqual(expected)
    expect(eventOf(Buffer.from(text))).toEqual(expected)
  })

  test.each([
    [' 1234 ', ' - ', { size: 0n }],
    [' 1234 ', ' 99999999999 ', { size: 99_999_999_999n }],
    ['alice', '-', { user: null }],
    ['198.51.100.7', 'client.example.net', { host: 'client.example.net' }],
    ['"curl/8.4.0"', '"-"', { agent: null }],
    ['"curl/8.4.0"', '""', { agent: null }],
    ['curl/8.4.0', 'a \\" b \\\\', { agent: 'a \\" b \\\\' }],
    ['GET /a?b=1 HTTP/1.1', 'GET /a?b=1', { request: 'GET /a?b=1', method: null, path: null, protocol: null }],
    ['GET /a?b=1 HTTP/1.1', 'GET /a b HTTP/1.1', { request: 'GET /a b HTTP/1.1', method: null }],
    ['GET /a?b=1 HTTP/1.1', '', { request: '', method: null }],
    ['HTTP/1.1', 'HTTP/2', { protocol: 'HTTP/2' }],
    [time, '2026-11-01T05:00:09Z', { micros: 0 }],
    [time, '2026-11-01T07:00:09.5+02:00', { micros: 500_000 }],
    [time, '2026-11-01T05:00:09.123456789Z', { micros: 123_456 }],
    [time, '2024-02-29T00:00:00Z', { second: 1_709_164_800 }],
    [time, '1969-12-31T23:59:59.25Z', { second: -1, micros: 250_000 }],
    [time, '9999-12-31T23:59:59.999999Z', { second: 253_402_300_799, micros: 999_999 }],
  ])('%j as %j', (from, to, expected) => {
    expect(eventOf(demo.replace(from, to))).toMatchObject(expected)
  })

  test.each([
    ['alice', 'alice bob', 'no_match'],
    ['"curl', '"a " curl', 'no_match'],
    ['curl/8.4.0"', 'curl\\"', 'no_match'],
    [' 200 ', ' 20 ', 'no_match'],
    [' 1234 ', ' -5 ', 'no_match'],
    [' 200 ', ' 099 ', 'bad_status'],
    [' 200 ', ' 600 ', 'bad_status'],
    [' 1234 ', ' 9223372036854775808 ', 'bad_size'],
    [time, '2026-02-29T00:00:00Z', 'bad_time'],
    [time, '2026-11-01T24:00:00Z', 'bad_time'],
    [time, '2026-11-01T05:00:60Z', 'bad_time'],
    [time, '2026-11-01T05:00:09', 'bad_time'],
    [time, '2026-11-01T05:00:09+2400', 'bad_time'],
    [time, '31/Nov/2026:05:00:09 +0000', 'bad_time'],
    [time, '01/nov/2026:05:00:09 +0000', 'bad_time'],
    ['198.51.100.7 - ', '', 'no_match'],
    [demo, '', 'no_match'],
    [demo, '{"time":"x"}', 'no_match'],
  ])('%j as %j is refused', (from, to, reason) => {
    expect(reasonOf(demo.replace(from, to))).toBe(reason)
  })

  test('refuses what is not UTF-8, whatever else it is', () => {
    expect(reasonOf(Buffer.from(demo.replace('curl', 'c\xff'), 'latin1'))).toBe('invalid_utf8')
  })

  test('refuses a line over a mebibyte and takes one of just that size', () => {
    const filled = demo.replace('curl', 'c'.repeat(1_048_576 - demo.length + 4))
    expect(Buffer.byteLength(filled)).toBe(1_048_576)
    expect(reasonOf(filled)).toBe('none')
    expect(reasonOf(`${filled}c`)).toBe('too_long')
    expect(reasonOf(Buffer.from(`${filled}c`))).toBe('too_long')
  })
})

describe('the scanner of simple lines', () => {
  const scan = (
    bytes: Buffer,
    ascii = false,
    allocate: (length: number) => Buffer = (length) => Buffer.alloc(length),
  ) => {
    const scanner = createLineScanner()
    const line = allocate(bytes.length + 1)
    line.set(bytes)
    line[bytes.length] = 10
    scanner.begin(line, ascii)
    const simple = scanner.scan(line, 0)
    return simple ? { ...scanner.line } : undefined
  }

  test.each([
    demo,
    demo.replace('198.51.100.7', '2001:db8::7'),
    demo.replace(time, '2026-11-01T05:00:09Z'),
    demo.replace(time, '2026-11-01T05:00:09+02:00'),
    demo.replace('curl', 'caf\u00e9'),
    combined,
    `${combined} "10.0.0.1"`,
    `${combined}\r`,
    common,
    `${common}\r`,
  ])('knows %j', (text) => {
    expect(scan(Buffer.from(text))).toBeDefined()
  })

  test('finds the same in a room', () => {
    expect(findStopIn(allocateRoom(1))).toBeDefined()
    fc.assert(
      fc.property(fc.oneof(line, mutatedLine), fc.boolean(), (bytes, ascii) => {
        expect(scan(bytes, ascii, allocateRoom)).toEqual(scan(bytes, ascii))
      }),
      { numRuns: 500 },
    )
  })

  test('says what the exact rules say, or nothing', () => {
    let simple = 0
    fc.assert(
      fc.property(fc.oneof(line, mutatedLine), (bytes) => {
        const found = scan(bytes, true)
        if (found === undefined) return
        simple += 1
        const text = bytes.toString().replace(/\r$/, '')
        const exact = eventOf(text)
        const part = (from: number, to: number): string => bytes.toString('utf8', from, to)
        expect({
          host: part(0, found.hostEnd),
          second: found.second,
          micros: found.micros,
          method: part(found.methodStart, found.methodEnd),
          path: part(found.pathStart, found.pathEnd),
          protocol: part(found.protocolStart, found.protocolEnd),
          status: found.status,
          size: BigInt(found.size),
          end: found.end,
        }).toEqual({
          host: exact.host,
          second: exact.second,
          micros: exact.micros,
          method: exact.method,
          path: exact.path,
          protocol: exact.protocol,
          status: exact.status,
          size: exact.size,
          end: Buffer.byteLength(text),
        })
      }),
      { numRuns: 2_000 },
    )
    expect(simple).toBeGreaterThan(100)
  })
})
