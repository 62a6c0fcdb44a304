import { describe, expect, test } from 'vitest'
import { parseLine } from '../../../processors/formats/parse-line.ts'
import { readingOf } from '../../../processors/formats/reading.ts'
import type { ClientChoice } from '../../../processors/formats/to-event.ts'

const parsed = (line: string, format: string, client?: ClientChoice) => {
  const result = parseLine(line, readingOf(format, client))
  if (!result.ok) throw new Error(`${result.reason}: ${line}`)
  return result.event
}

const clf = '[12/Mar/2026:10:00:00 +0000]'
const want = { client: '192.0.2.83', method: 'GET', path: '/a?b=1', status: 200, size: 5n }

describe("a text from a server's config is a format", () => {
  test.each([
    [
      "Apache's own",
      '%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\" %D',
      `192.0.2.83 - - ${clf} "GET /a?b=1 HTTP/1.1" 200 5 "-" "curl/8" 220000`,
      { durationMs: 220 },
    ],
    [
      'LogFormat',
      'LogFormat "%v:%p %h %l %u %t \\"%r\\" %>s %b %{X-Forwarded-For}i" mine',
      `www.example.com:443 192.0.2.83 - - ${clf} "GET /a?b=1 HTTP/1.1" 200 5 203.0.113.9`,
      { host: 'www.example.com', forwarded: '203.0.113.9' },
    ],
    [
      'times in parts',
      '%a [%{%Y-%m-%d}t %{%H:%M:%S}t] "%m %U%q %H" %s %B %{ms}T',
      '192.0.2.83 [2026-03-12 10:00:00] "GET /a?b=1 HTTP/1.1" 200 5 220',
      { second: 1_773_309_600, durationMs: 220 },
    ],
    [
      'log_format',
      `log_format main '$remote_addr - $remote_user [$time_local] "$request" '\n  '$status $body_bytes_sent "$http_referer" '\n  '"$http_user_agent" rt=$request_time uct="$upstream_connect_time"';`,
      `192.0.2.83 - - ${clf} "GET /a?b=1 HTTP/1.1" 200 5 "-" "curl/8" rt=0.220 uct="-"`,
      { durationMs: 220, agent: 'curl/8' },
    ],
    [
      'a log_format of JSON',
      `log_format j escape=json '{"t":"$time_iso8601","ip":"$remote_addr","r":"$request","s":$status,"b":$body_bytes_sent,"d":$request_time,"x":{"ua":"$http_user_agent"}}';`,
      '{"t":"2026-03-12T10:00:00+00:00","ip":"192.0.2.83","r":"GET /a?b=1 HTTP/1.1","s":200,"b":5,"d":0.220,"x":{"ua":"curl/8"}}',
      { durationMs: 220, agent: 'curl/8', second: 1_773_309_600 },
    ],
    [
      'a key map',
      '{"client": "src.ip|ip", "time": "ts", "request": "req", "status": "code", "size": "n", "duration_ms": "took"}',
      '{"ts":1773309600,"ip":"192.0.2.83","req":"GET /a?b=1 HTTP/1.1","code":200,"n":5,"took":220}',
      { durationMs: 220 },
    ],
    [
      'a header',
      '#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status sc-bytes time-taken',
      '2026-03-12 10:00:00 192.0.2.83 GET /a b=1 200 5 220',
      { durationMs: 220, second: 1_773_309_600 },
    ],
    [
      'gunicorn',
      '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s %(M)s',
      `192.0.2.83 - - ${clf} "GET /a?b=1 HTTP/1.1" 200 5 220`,
      { durationMs: 220 },
    ],
    [
      'HAProxy',
      'log-format "%ci:%cp [%tr] %ST %B %Ta %{+Q}r"',
      '192.0.2.83:25632 [12/Mar/2026:10:00:00.584] 200 5 220 "GET /a?b=1 HTTP/1.1"',
      { durationMs: 220, micros: 584_000 },
    ],
    [
      'Squid',
      'logformat mine %ts.%03tu %6tr %>a %>Hs %<st %rm %ru',
      '1773309600.250    220 192.0.2.83 200 5 GET http://www.example.com/a?b=1',
      { durationMs: 220, host: 'www.example.com', micros: 250_000 },
    ],
    [
      'Envoy',
      '[%START_TIME%] "%REQ(:METHOD)% %REQ(:PATH)% %PROTOCOL%" %RESPONSE_CODE% %BYTES_SENT% %DURATION% %DOWNSTREAM_REMOTE_ADDRESS%',
      '[2026-03-12T10:00:00.250Z] "GET /a?b=1 HTTP/1.1" 200 5 220 192.0.2.83:4711',
      { durationMs: 220 },
    ],
    [
      'morgan',
      ':remote-addr ":method :url HTTP/:http-version" :status :res[content-length] :response-time',
      '192.0.2.83 "GET /a?b=1 HTTP/1.1" 200 5 220.5',
      { durationMs: 220.5 },
    ],
    ['tabs', '%h\\t%t\\t"%r"\\t%>s\\t%b', `192.0.2.83\t${clf}\t"GET /a?b=1 HTTP/1.1"\t200\t5`, {}],
  ])('%s', (_, format, line, more) => {
    expect(parsed(line, format)).toMatchObject({ ...want, ...more })
  })

  test.each([
    ['nonsense', /There is no format nonsense\./],
    ['%h %l %u', /has no field for a status and a request/],
    ['{"client": "ip"}', /names no status/],
    ['{"client": ', /is no JSON object/],
  ])('%s is refused with what to do', (format, message) => {
    expect(() => readingOf(format)).toThrow(message)
  })
})

describe('the client behind a proxy', () => {
  const line = `10.0.0.5 - - ${clf} "GET / HTTP/1.1" 200 5 "-" "curl/8" "203.0.113.9, 10.0.0.2"`
  test.each([
    ['auto', '10.0.0.5'],
    ['peer', '10.0.0.5'],
    ['forwarded', '203.0.113.9'],
  ] as const)('%s', (choice, client) => {
    expect(parsed(line, 'auto', choice)).toMatchObject({ client, forwarded: '203.0.113.9, 10.0.0.2' })
  })

  test('a dash forwards nobody', () => {
    expect(parsed(line.replace('203.0.113.9, 10.0.0.2', '-'), 'auto', 'forwarded').client).toBe('10.0.0.5')
  })
})

test('a name of the list takes no line of another format', () => {
  const line = `www.example.com:443 192.0.2.83 - - ${clf} "GET / HTTP/1.1" 200 5 "-" "curl/8"`
  expect(parseLine(line, readingOf('combined'))).toMatchObject({ ok: false, reason: 'no_match' })
})
