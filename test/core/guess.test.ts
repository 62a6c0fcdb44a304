import { describe, expect, test } from 'vitest'
import { guessById, guessOfMost } from '../../src/core/guess.ts'

const guess = (...lines: readonly string[]): string | undefined => guessOfMost(lines)?.id

describe('what a refused line looks like', () => {
  test.each([
    ['bzip2', 'BZh91AY&SY\ufffd\ufffd'],
    ['xz', '\ufffd7zXZ\u0000\u0000'],
    ['zip', 'PK\u0003\u0004\u0014\u0000'],
    ['utf16', '\ufffd\ufffd1\u00009\u00002\u0000.\u0000'],
    ['tls', '\u0016\u0003\u0001\u0002\u0000\u0001'],
    ['markup', '<!DOCTYPE html>'],
    ['json', '{"time":"2026-03-12T10:00:00Z","status":200}'],
    ['json', '  { "request" : { "uri": "/" } }'],
    ['nginx_error', '2026/03/12 10:00:00 [error] 31#31: *1 open() "/srv/x" failed, client: 192.0.2.7'],
    ['apache_error', '[Thu Mar 12 10:00:00.123456 2026] [php:error] [pid 7] [client 192.0.2.7:4711] PHP Fatal error'],
    ['apache_error', '[Thu Mar 12 10:00:00 2026] [error] [client 192.0.2.7] File does not exist: /srv/x'],
    ['stack_trace', '    at Object.<anonymous> (/srv/app/server.js:12:5)'],
    ['stack_trace', '\tat org.example.Main.run(Main.java:42)'],
    ['stack_trace', 'Traceback (most recent call last):'],
    ['stack_trace', '  File "/srv/app.py", line 12, in handle'],
    ['stack_trace', 'java.lang.IllegalStateException: no session'],
    ['vhost', 'www.example.com:443 192.0.2.7 - - [12/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 12'],
    ['vhost', 'shop.example.com 2001:db8::1 - ann [12/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 12'],
    ['w3c', '#Fields: date time s-ip cs-method cs-uri-stem'],
    ['w3c', '2026-03-12 10:00:00 192.0.2.1 GET /index.html - 443 - 192.0.2.7'],
    ['unknown_order', '200 "GET /a HTTP/1.1" 192.0.2.7'],
    ['unknown_order', '192.0.2.7 [12/Mar/2026:10:00:00 +0000] /a 200'],
    ['syslog', 'Mar 12 10:00:00 web1 systemd[1]: Started nginx.'],
    ['syslog', '<34>1 2026-03-12T10:00:00Z web1 sshd 12 - - Accepted'],
    ['logfmt', 'ts=2026-03-12T10:00:00Z method=GET path=/a status=200'],
    ['csv', '2026-03-12,192.0.2.7,GET,/a,200'],
    ['csv', '"a";"b";"c, d";"e"'],
    ['time_alone', '2026-03-12 10:00:00 INFO worker started'],
    ['time_alone', '[2026-03-12T10:00:00] ready'],
  ])('%s: %s', (id, line) => {
    expect(guess(line)).toBe(id)
  })

  test.each(['', 'Ready.', 'no request at all', 'hello, world', '%%%'])('of nothing known: %j', (line) => {
    expect(guess(line)).toBeUndefined()
  })

  test('most of the lines decide, and one that looks like nothing has no say', () => {
    expect(guess('?', '?', '?', '{"a":1}', '{"b":2}', '    at x (y.js:1:2)')).toBe('json')
  })

  test('a line of a megabyte is looked at no longer than another', () => {
    expect(guess('a'.repeat(1_000_000))).toBeUndefined()
    expect(guess('1.2.3.4 '.repeat(125_000))).toBeUndefined()
    expect(guess('a,'.repeat(500_000))).toBe('csv')
    expect(guess('a=b '.repeat(250_000))).toBe('logfmt')
  })

  test('each says what to do next, in whole sentences', () => {
    for (const id of ['bzip2', 'json', 'vhost', 'csv']) expect(guessById(id)?.next).toMatch(/^[A-Z].*[^.]\.?$/)
    expect(guessById('of a later version')).toBeUndefined()
  })
})
