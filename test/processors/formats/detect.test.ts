import { describe, expect, test } from 'vitest'
import { detect } from '../../../processors/formats/detect.ts'
import { readingOf } from '../../../processors/formats/reading.ts'

const now = { second: 1_773_309_600, micros: 0 }
const detected = (lines: readonly string[], client: 'auto' | 'peer' = 'auto') =>
  detect(Buffer.from(`${lines.join('\n')}\n`), readingOf('auto', client), now)

const line = (n: number, behind = ''): string =>
  `192.0.2.${n % 250} - - [12/Mar/2026:10:00:00 +0000] "GET /${n} HTTP/1.1" 200 5 "-" "curl/8"${behind}`
const lines = (count: number, behind = ''): readonly string[] =>
  Array.from({ length: count }, (_, n) => line(n, behind))

describe('what the first lines show', () => {
  test('formats, the commonest first, of 200 lines at most', () => {
    const mixed = [...lines(120, ' 0.2 "x"'), 'nonsense', 'nonsense', ...lines(78), ...lines(500)]
    expect(detected(mixed).formats).toEqual([
      { title: 'combined + 2 fields', lines: 120, of: 200 },
      { title: 'combined', lines: 78, of: 200 },
    ])
  })

  test('what stands around a line', () => {
    const wrapped = lines(3).map((one) => `web-1  | <190>Mar 12 10:00:00 web1 nginx: ${one}`)
    expect(detected(wrapped).formats).toEqual([{ title: 'docker compose, syslog, combined', lines: 3, of: 3 }])
  })

  test('nothing, where nothing is understood or nothing is there', () => {
    expect(detected(['a', '', 'b'])).toEqual({ formats: [], fields: [], notices: [] })
    expect(detect(new Uint8Array(), readingOf('auto'), now)).toEqual({ formats: [], fields: [], notices: [] })
  })

  test('fields without a column, once', () => {
    const one = '2026-03-12T10:00:00Z my-elb 192.0.2.1:80 10.0.0.5:80 0 0.2 0 200 200 0 5 "GET / HTTP/1.1" "curl/8" - -'
    expect(detected([one, one]).fields).toEqual(expect.arrayContaining(['elb', 'ssl_cipher', 'ssl_protocol']))
    expect(new Set(detected([one, one]).fields).size).toBe(detected([one, one]).fields.length)
  })

  test('times without a zone, or none at all', () => {
    expect(detected(lines(2).map((one) => one.replace(' +0000', ''))).notices).toEqual([
      'Times have no zone: they are taken as UTC.',
    ])
    expect(detected(['INFO:     192.0.2.1:80 - "GET / HTTP/1.1" 200 OK']).notices).toEqual([
      'Lines have no time: that of their reading is taken.',
    ])
    expect(detected(lines(2)).notices).toEqual([])
  })

  test('one proxy before many clients', () => {
    const proxied = (n: number): string => `${line(7, ` "203.0.113.${n}"`)}`
    const notice = [
      'Every line comes from one address, a proxy: --client forwarded (logs.client) takes the client that it names.',
    ]
    expect(detected([proxied(1), proxied(2)]).notices).toEqual(notice)
    expect(detected([proxied(1), proxied(2)], 'peer').notices).toEqual([])
    expect(detected([proxied(1), proxied(1)]).notices).toEqual([])
    expect(detected([proxied(1), line(8, ' "203.0.113.2"')]).notices).toEqual([])
  })
})
