import { describe, expect, test } from 'vitest'
import { createLineParser } from '../../../processors/formats/line-parser.ts'
import { openReader } from '../../../processors/formats/open-reader.ts'
import { parseLine } from '../../../processors/formats/parse-line.ts'
import { readingOf } from '../../../processors/formats/reading.ts'

const now = { second: 1_773_400_000, micros: 0 }
const behindClient = ' - - [12/Mar/2026:10:00:00 +0000] "GET /a?b=1 HTTP/1.1" 200 512 "-" "curl/8.5.0"'
const combined = `192.0.2.83${behindClient}`
const overIpv6 = `2001:db8:1:2::33${behindClient}`

const eventOf = (line: string) => {
  const parsed = parseLine(line)
  if (!parsed.ok) throw new Error(`refused: ${line}`)
  return parsed.event
}

describe('what stands before a line', () => {
  test.each([
    '/var/log/nginx/access.log:',
    'access.log:12:',
    'access.log.1.gz:2001:',
    '2026-03-12T10:00:00.123456789Z ',
    'web-1  | 2026-03-12T10:00:00.123456789Z ',
    'web.1.abc@node2    | ',
    '[pod/web-5d8f/nginx] ',
    '[pod/web-5d8f/nginx] 2026-03-12T10:00:00+01:00 ',
    'Mar 12 10:00:00 web1 nginx[123]: ',
    '2026-03-12T10:00:00.123456+01:00 web1 nginx: ',
  ])('%j', (prefix) => {
    const user = null
    expect(eventOf(prefix + combined)).toMatchObject({ client: '192.0.2.83', path: '/a?b=1', user })
    expect(eventOf(prefix + overIpv6)).toMatchObject({ client: '2001:db8:1:2::33', path: '/a?b=1', user })
    const host = 'www.example.com'
    expect(eventOf(`${prefix}${host}:443 ${overIpv6}`)).toMatchObject({ client: '2001:db8:1:2::33', host, user })
    expect(eventOf(`${prefix}${host} ${combined}`)).toMatchObject({ client: '192.0.2.83', host, user })
  })

  test.each([
    ['a file on its first line', 'access.log:2001:db8::1', '2001:db8::1'],
    ['a file and the line 2001', 'access.log:2001:2001:db8::1', '2001:db8::1'],
    ['a file and the loopback', 'access.log:::1', '::1'],
    ['a file, a line and the loopback', 'access.log:7:::1', '::1'],
  ])('an address and no number: %s', (_, before, client) => {
    expect(eventOf(before + behindClient).client).toBe(client)
  })
})

describe('a header of W3C behind', () => {
  test.each([
    'Mar 12 10:00:00 web1 iis[123]: ',
    '2026-03-12T10:00:00.123456789Z stdout F ',
    'u_ex.log:3:',
    'web-1  | ',
  ])('%j', (prefix) => {
    const lines = [
      '#Software: Microsoft Internet Information Services 10.0',
      '#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip sc-status sc-bytes',
      '2026-03-12 10:00:00 GET /a b=1 192.0.2.83 200 512',
    ].map((line) => prefix + line)
    const expected = { client: '192.0.2.83', path: '/a?b=1', status: 200, size: 512n, second: 1_773_309_600 }
    const parse = createLineParser(readingOf('auto'), now)
    const [software, fields, row] = lines.map((line) => parse(line))
    expect([software, fields]).toEqual([undefined, undefined])
    expect(row?.ok && row.event).toMatchObject(expected)

    const bytes = Buffer.from(lines.join('\n'))
    const reader = openReader(readingOf('auto'))
    reader.begin({ bytes, ascii: false, now, header: undefined })
    const start = bytes.indexOf(`${prefix}#Fields`)
    const end = bytes.indexOf(10, start)
    expect(reader.parse(start, end)).toBeUndefined()
    expect(reader.header()).toMatch(/^#Fields: date/)
    const read = reader.parse(end + 1, bytes.length)
    expect(read?.ok && read.event).toMatchObject(expected)
  })
})

test('behind a header no line is read by the fields of another one', () => {
  const parse = createLineParser(readingOf('auto'), now)
  const fields = 'c-ip cs-method cs-uri-stem cs-uri-query s-port cs-username s-ip cs(User-Agent) cs(Referer) sc-status'
  parse(`#Fields: date time ${fields} sc-substatus sc-win32-status time-taken sc-bytes`)
  const line = '2026-03-12 10:00:00 192.0.2.83 GET /a - 443 - 10.0.0.1 x - 200 0 0 5'
  const whole = parse(`${line} 512`)
  expect(whole?.ok && whole.event.client).toBe('192.0.2.83')
  expect(parse(line)).toEqual({ ok: false, reason: 'no_match' })
})

describe('a line of another kind is refused rather than read as this one', () => {
  test.each([
    `[2026-03-12 10:00:00 +0000] [12] [INFO] ${combined}`,
    `192.0.2.83 (203.0.113.99, 198.51.100.3)${behindClient}`,
    `203.0.113.99, 10.0.0.1 10.0.0.2${behindClient}`,
    `I0312 nginx ${combined}`,
    `level=info msg=request ${combined}`,
    `{"level" "x"} ${combined}`,
  ])('%j', (line) => {
    expect(parseLine(line)).toEqual({ ok: false, reason: 'no_match' })
  })
})

describe('fields as servers write them', () => {
  test.each([
    ['a host that is an address', `[2001:db8::80]:443 ${combined}`, { host: '2001:db8::80', client: '192.0.2.83' }],
    ['lighttpd with a port', combined.replace(' - -', ' www.example.com:8080 -'), { host: 'www.example.com' }],
    [
      'a list of forwarded clients first',
      `2001:db8:1:2::33, 10.0.0.1${behindClient}`,
      { client: '2001:db8:1:2::33', host: null },
    ],
    [
      'a list of forwarded clients behind the peer',
      `10.0.0.2 203.0.113.99, 198.51.100.3${behindClient}`,
      { client: '10.0.0.2', forwarded: '203.0.113.99, 198.51.100.3', host: null },
    ],
    [
      'a user with blanks',
      combined.replace(' - -', ' - Alice van Roe'),
      { client: '192.0.2.83', user: 'Alice van Roe' },
    ],
    ['http.server of Python', combined.replace('2026:10:00:00 +0000', '2026 10:00:00'), { second: 1_773_309_600 }],
    [
      "HAProxy's captured headers with blanks",
      '192.0.2.83:51234 [12/Mar/2026:10:00:00.123] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {www.example.com|Mozilla/5.0 (X11; Linux)} {nginx} "GET /a HTTP/1.1"',
      { client: '192.0.2.83', path: '/a', durationMs: 109 },
    ],
    [
      'a load balancer without a target',
      'http 2026-03-12T10:00:00.123Z app/lb/50dc 192.0.2.83:2817 - -1 -1 -1 460 - 34 366 "GET http://www.example.com:80/a HTTP/1.1" "curl/8.5.0" - - - "Root=1" "-" "-" 0 2026-03-12T10:00:00.000Z "waf" "-" "WAFConnectionError" "-" "-" "-" "-"',
      { client: '192.0.2.83', status: 460, durationMs: null },
    ],
    [
      'JSON of nginx without escape=json',
      String.raw`{"time_iso8601":"2026-03-12T10:00:00+00:00","remote_addr":"192.0.2.83","request":"GET /a?q=\x22 HTTP/1.1","status":200,"body_bytes_sent":5,"http_user_agent":"a \\ \x22b\x22"}`,
      { path: String.raw`/a?q=\x22`, agent: String.raw`a \ \x22b\x22` },
    ],
    [
      'JSON of nginx with the query apart',
      '{"time":"2026-03-12T10:00:00Z","remote_addr":"192.0.2.83","method":"GET","uri":"/a","args":"b=1","status":200}',
      { method: 'GET', path: '/a?b=1' },
    ],
    [
      'JSON of nginx with a rewritten path beside the request',
      '{"time":"2026-03-12T10:00:00Z","remote_addr":"192.0.2.83","request":"GET /a?b=1 HTTP/1.1","uri":"/index.php","args":"x=2","status":200}',
      { method: 'GET', path: '/a?b=1', protocol: 'HTTP/1.1' },
    ],
  ])('%s', (_, line, expected) => {
    expect(eventOf(line)).toMatchObject(expected)
  })
})

describe('a client that is missing', () => {
  test('is a dash', () => {
    const line = '{"status":200,"path":"/","time":"2026-03-12T10:00:00Z","ip":""}'
    expect(eventOf(line)).toMatchObject({ client: '-', path: '/' })
    expect(eventOf(line.replace('"path":"/"', '"path":""'))).toMatchObject({ client: '-', path: null })
    const forwarded = parseLine(line, { client: 'forwarded' })
    expect(forwarded.ok && forwarded.event.client).toBe('-')
  })

  test('is looked for under its other names', () => {
    const line = '{"status":200,"path":"/","time":"2026-03-12T10:00:00Z","client_ip":"","remote_addr":"192.0.2.83"}'
    expect(eventOf(line).client).toBe('192.0.2.83')
  })
})

test('an address in the host of a target is not torn by its escapes', () => {
  const target = 'http://2001&#58;db8&#58;aa&#58;bb&#58;cc&#58;dd&#58;ee&#58;77/a'
  expect(eventOf(combined.replace('/a?b=1', target))).toMatchObject({ path: target, host: null })
})

test.each(['::', '1:', '2001:db8::1, ', '1.1.1.1:80 ', 'a:b/', '[1::] '])(
  '%j again and again takes no long time',
  (text) => {
    const took = (length: number): number => {
      const line = text.repeat(length / text.length)
      const start = process.cpuUsage()
      parseLine(line)
      const { user } = process.cpuUsage(start)
      return user
    }
    took(10_000)
    // a quadratic rule takes 64 times as long, and seconds
    expect(took(320_000)).toBeLessThan(20 * Math.max(took(40_000), 5_000))
  },
)

test('a LogFormat over two lines of a config', () => {
  const config =
    'LogFormat "%{X-Forwarded-For}i %h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\\n   \\"%{User-Agent}i\\" %D" proxied'
  const line = `203.0.113.9, 10.0.0.1 ${combined} 120`
  const read = (client: 'peer' | 'forwarded') => parseLine(line, readingOf(config, client))
  const [peer, forwarded] = [read('peer'), read('forwarded')]
  expect(peer.ok && peer.event).toMatchObject({
    client: '192.0.2.83',
    size: 512n,
    durationMs: 0.12,
    agent: 'curl/8.5.0',
  })
  expect(forwarded.ok && forwarded.event.client).toBe('203.0.113.9')
})
