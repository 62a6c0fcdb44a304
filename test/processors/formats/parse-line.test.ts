import { describe, expect, test } from 'vitest'
import { parseLine } from '../../../processors/formats/parse-line.ts'

const time = '2026-11-01T05:00:09.185318+0000'
const demo = `198.51.100.7 - alice [${time}] "GET /a?b=1 HTTP/1.1" 200 1234 "https://example.com/" "curl/8.4.0"`
const combined = demo.replace(time, '01/Nov/2026:05:00:09 +0000')
const common = combined.slice(0, combined.indexOf(' "https'))

const event = {
  client: '198.51.100.7',
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
  host: null,
  durationMs: null,
  forwarded: null,
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
    ['nginx main', `${combined} "10.0.0.1, 10.0.0.2"`, { ...event, micros: 0, forwarded: '10.0.0.1, 10.0.0.2' }],
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
    ['198.51.100.7', 'client.example.net', { client: 'client.example.net' }],
    ['"curl/8.4.0"', '"-"', { agent: null }],
    ['"curl/8.4.0"', '""', { agent: null }],
    ['curl/8.4.0', 'a \\" b \\\\', { agent: 'a \\" b \\\\' }],
    ['GET /a?b=1 HTTP/1.1', 'GET /a?b=1', { request: 'GET /a?b=1', method: 'GET', path: '/a?b=1', protocol: null }],
    ['GET /a?b=1 HTTP/1.1', 'GET /a b HTTP/1.1', { request: 'GET /a b HTTP/1.1', path: '/a b', protocol: 'HTTP/1.1' }],
    ['GET /a?b=1 HTTP/1.1', 'GET /a b', { method: 'GET', path: '/a b', protocol: null }],
    ['GET /a?b=1 HTTP/1.1', 'GET  /a HTTP/1.1', { method: 'GET', path: '/a' }],
    ['GET /a?b=1 HTTP/1.1', 'get /a http/1.1', { method: 'get', path: '/a', protocol: 'http/1.1' }],
    ['GET /a?b=1 HTTP/1.1', 'quit', { method: null, path: null, protocol: null }],
    ['GET /a?b=1 HTTP/1.1', 'hello world', { method: null, path: null, protocol: null }],
    [
      'GET /a?b=1 HTTP/1.1',
      'GET http://u:p@www.example.com:80/x?y HTTP/1.1',
      { path: '/x?y', host: 'www.example.com' },
    ],
    ['GET /a?b=1 HTTP/1.1', 'GET https://www.example.com?y HTTP/1.1', { path: '/?y', host: 'www.example.com' }],
    ['GET /a?b=1 HTTP/1.1', 'CONNECT www.example.com:443 HTTP/1.1', { path: 'www.example.com:443', host: null }],
    ['alice', 'Alice Roe', { user: 'Alice Roe' }],
    ['alice', '""', { user: null }],
    [' alice ', '  ', { user: null }],
    ['198.51.100.7', '198.51.100.7:4711', { client: '198.51.100.7' }],
    ['198.51.100.7', '[2001:db8::1]:4711', { client: '2001:db8::1' }],
    ['198.51.100.7', '198.51.100.7, 10.0.0.1', { client: '198.51.100.7' }],
    [time, '2026-11-01T05:00:09', { second: 1_793_509_209 }],
    [time, '01/Nov/2026:05:00:09', { second: 1_793_509_209 }],
    [time, '01/Nov/2026:05:00:09.25 +0000', { micros: 250_000 }],
    [time, 'Sun, 01 Nov 2026 05:00:09 GMT', { second: 1_793_509_209 }],
    [time, '1793509209', { second: 1_793_509_209, micros: 0 }],
    [time, '1793509209.5', { second: 1_793_509_209, micros: 500_000 }],
    [time, '1793509209500', { second: 1_793_509_209, micros: 500_000 }],
    [time, '1793509209500250', { second: 1_793_509_209, micros: 500_250 }],
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
    ['"curl', '"a " curl', 'no_match'],
    ['curl/8.4.0"', 'curl\\"', 'no_match'],
    [' 200 ', ' 20 ', 'bad_status'],
    [' 200 ', ' - ', 'bad_status'],
    [' 200 ', ' x ', 'no_match'],
    [' 1234 ', ' -5 ', 'no_match'],
    [' 200 ', ' 099 ', 'bad_status'],
    [' 200 ', ' 600 ', 'bad_status'],
    [' 1234 ', ' 9223372036854775808 ', 'bad_size'],
    [time, '2026-02-29T00:00:00Z', 'bad_time'],
    [time, '2026-11-01T24:00:00Z', 'bad_time'],
    [time, '2026-11-01T05:00:60Z', 'bad_time'],
    [time, '2026-11-01', 'bad_time'],
    [time, '2026-11-01T05:00:09+2400', 'bad_time'],
    [time, '31/Nov/2026:05:00:09 +0000', 'bad_time'],
    [time, '01/nov/2026:05:00:09 +0000', 'bad_time'],
    ['198.51.100.7 - alice ', '', 'no_match'],
    [demo, '', 'no_match'],
    [demo, '{"time":"x"}', 'no_match'],
  ])('%j as %j is refused', (from, to, reason) => {
    expect(reasonOf(demo.replace(from, to))).toBe(reason)
  })

  test('what is no UTF-8 becomes U+FFFD', () => {
    expect(eventOf(Buffer.from(demo.replace('curl', 'c\xff'), 'latin1')).agent).toBe('c\ufffd/8.4.0')
  })

  test('refuses a line over a mebibyte and takes one of just that size', () => {
    const filled = demo.replace('curl', 'c'.repeat(1_048_576 - demo.length + 4))
    expect(Buffer.byteLength(filled)).toBe(1_048_576)
    expect(reasonOf(filled)).toBe('none')
    expect(reasonOf(`${filled}c`)).toBe('too_long')
    expect(reasonOf(Buffer.from(`${filled}c`))).toBe('too_long')
  })
})
