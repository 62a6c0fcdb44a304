import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { initialRules } from '../../../processors/pass/rules.ts'
import { chunk, lineEnds, open, runPass } from './support.ts'

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/formats/${name}`, import.meta.url))

const iis = '#Fields: date time cs-method cs-uri-stem c-ip sc-status\n2026-03-12 10:00:00 GET /a 192.0.2.1 200\n'
const other = '#Fields: date time c-ip sc-status cs-uri-stem cs-method\n2026-03-12 10:00:01 192.0.2.2 404 /b POST\n'
const twice = Buffer.from(`${iis}${iis.split('\n')[1]}\n#Version: 1.0\n${other}${other.split('\n')[1]}\n`)

test.each([
  ['CloudFront', fixture('21-aws-cloudfront.log'), 60, 2],
  ['IIS', fixture('23-iis-w3c-default.log'), 60, 4],
  ['a header in the middle', twice, 4, 3],
])('%s: a chunk knows the header of its log, wherever it was cut', (_, log, rows, directives) => {
  const whole = runPass(log, ['events', 'counts', 'alerts'])
  expect(whole.counts).toMatchObject({ lines_parsed: rows, lines_rejected: 0, lines_blank: directives })
  const pieces = runPass(log, ['events', 'counts', 'alerts'], lineEnds(log))
  expect(pieces.events).toEqual(whole.events)
  expect(pieces.counts).toEqual(whole.counts)
  expect(pieces.windowCounts).toEqual(whole.windowCounts)
})

test('a second header changes what follows', () => {
  const { events } = runPass(twice, ['events'])
  expect(events.map(({ method, path, ip, status }) => [method, path, ip, status])).toEqual([
    ['GET', '/a', '192.0.2.1', 200],
    ['GET', '/a', '192.0.2.1', 200],
    ['POST', '/b', '192.0.2.2', 404],
    ['POST', '/b', '192.0.2.2', 404],
  ])
})

test('the header of one log is not that of another', () => {
  const pass = open(['events'])
  const [header = '', line = ''] = iis.split('\n')
  const lines = Buffer.from(`${header}\n${line}\n${line}\n`)
  const first = pass({ ...chunk(lines, 0, initialRules()), fingerprint: 'one' })
  expect(first.counts.lines_parsed).toBe(2)
  // the same lines without a header of their own
  const second = pass({ ...chunk(Buffer.from(`${line}\n${line}\n`), 0, first.rules), fingerprint: 'two' })
  expect(second.counts).toMatchObject({ lines_parsed: 0, lines_rejected: 2 })
  // and the first log goes on
  const third = pass({ ...chunk(Buffer.from(`${line}\n`), lines.length, second.rules), fingerprint: 'one' })
  expect(third.counts.lines_parsed).toBe(1)
})
