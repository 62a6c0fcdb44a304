import { isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TextFormat } from '../../../processors/formats/compile.ts'
import { openReader } from '../../../processors/formats/open-reader.ts'
import { parseLine } from '../../../processors/formats/parse-line.ts'
import { type Reading, readingOf } from '../../../processors/formats/reading.ts'
import { standardFormats } from '../../../processors/formats/standard.ts'
import { allocateRoom, findStopIn } from '../../../processors/vector/room.ts'
import { line as demoLine, mutatedLine } from './lines.ts'
import { eventOfScan } from './read-log.ts'
import { samples } from './samples.ts'
import { linesOf, mutated } from './template-lines.ts'

const now = { second: 5, micros: 0 }

/** A reader that has learned a sample and stands before a line. */
const scan = (
  sample: Buffer,
  line: Buffer,
  reading: Reading,
  allocate: (length: number) => Buffer = (length) => Buffer.alloc(length),
) => {
  const whole = Buffer.concat([sample, Buffer.from('\n'), line, Buffer.from('\n'), Buffer.alloc(64, 10)])
  const bytes = allocate(whole.length)
  bytes.set(whole)
  const reader = openReader(reading)
  reader.begin({ bytes, ascii: !isUtf8(bytes), now, header: undefined })
  if (reader.parse(0, sample.length)?.ok !== true) throw new Error(`refused: ${sample}`)
  return reader.scan(sample.length + 1) ? eventOfScan(bytes, reader.line) : undefined
}

const exactly = (line: Buffer, reading: Reading) => {
  const bytes = line.at(-1) === 13 ? line.subarray(0, -1) : line
  const parsed = parseLine(bytes, { ...reading, now })
  if (!parsed.ok) return parsed.reason
  const { request: _, ...event } = parsed.event
  return event
}

const standard = standardFormats().filter((format): format is TextFormat => format.kind === 'text')
const sampleOf = (id: string): Buffer => Buffer.from(samples.find((sample) => sample.id === id)?.line ?? '')

describe('what the table finds is what the exact rules say', () => {
  test.each(standard.map((format) => [format.format.id, format] as const))('%s', (id, format) => {
    const lines = fc.oneof(
      { weight: 3, arbitrary: linesOf(format) },
      { weight: 1, arbitrary: mutated(linesOf(format)) },
    )
    const named = readingOf(id)
    const auto = readingOf('auto')
    const forwarded = readingOf(id, 'forwarded')
    const sample = sampleOf(id)
    let simple = 0
    fc.assert(
      fc.property(lines, (line) => {
        for (const reading of [named, auto, forwarded]) {
          const found = scan(sample, line, reading)
          if (found === undefined) continue
          simple += 1
          expect(found).toEqual(exactly(line, reading))
        }
      }),
      { numRuns: 600 },
    )
    expect(simple).toBeGreaterThan(5)
  })

  test('also where the next line is of any other format', () => {
    const auto = readingOf('auto')
    const any = fc.constantFrom(...samples.map(({ line }) => Buffer.from(line)))
    fc.assert(
      fc.property(any, mutated(any), (sample, line) => {
        const found = scan(sample, line, auto)
        if (found !== undefined) expect(found).toEqual(exactly(line, auto))
      }),
      { numRuns: 2_000 },
    )
  })

  test.each([
    '<190>Mar 12 10:00:00 web1 nginx: ',
    '<134>1 2026-03-12T10:00:00Z web1 nginx 42 - - ',
    'Mar  2 10:00:00 web1 nginx[42]: ',
    '2026-03-12T10:00:00.123456789Z stdout F ',
    'web-1  | ',
    '/var/log/nginx/access.log:',
    'access.log.1:17:',
    'web-1 | <190>Mar 12 10:00:00 web1 nginx: ',
  ])('behind %j', (prefix) => {
    const auto = readingOf('auto')
    let simple = 0
    for (const format of standard) {
      const sample = Buffer.from(prefix + sampleOf(format.format.id).toString())
      if (exactly(sample, auto) === 'no_match') throw new Error(`refused: ${sample}`)
      fc.assert(
        fc.property(linesOf(format), (line) => {
          const wrapped = Buffer.concat([Buffer.from(prefix), line])
          const found = scan(sample, wrapped, auto)
          if (found === undefined) return
          simple += 1
          expect(found).toEqual(exactly(wrapped, auto))
        }),
        { numRuns: 20 },
      )
    }
    expect(simple).toBeGreaterThan(5)
  })

  test('the demo and its kin', () => {
    const auto = readingOf('auto')
    let simple = 0
    fc.assert(
      fc.property(fc.oneof(demoLine, mutatedLine), (line) => {
        const found = scan(sampleOf('demo'), line, auto)
        if (found === undefined) return
        simple += 1
        expect(found).toEqual(exactly(line, auto))
      }),
      { numRuns: 2_000 },
    )
    expect(simple).toBeGreaterThan(5)
  })

  test('the same in a room', () => {
    expect(findStopIn(allocateRoom(1))).toBeDefined()
    const auto = readingOf('auto')
    fc.assert(
      fc.property(fc.oneof(demoLine, mutatedLine), (line) => {
        expect(scan(sampleOf('demo'), line, auto, allocateRoom)).toEqual(scan(sampleOf('demo'), line, auto))
      }),
      { numRuns: 500 },
    )
  })
})
