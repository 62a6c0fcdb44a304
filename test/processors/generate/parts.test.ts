import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { dueQueue } from '../../../processors/generate/due-queue.ts'
import { growLog } from '../../../processors/generate/growing-log.ts'
import { isChosen, schedule } from '../../../processors/generate/incidents.ts'
import { growLogs } from '../../../processors/generate/live.ts'
import { trafficClock } from '../../../processors/generate/traffic.ts'
import { generatorKnobsSchema, generatorPlanSchema } from '../../../src/core/generator.ts'
import { linesOf } from './simple-parser.ts'

const folder = mkdtempSync(join(tmpdir(), 'bbq-generate-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a due queue gives back everything, earliest first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (times) => {
      const queue = dueQueue<number>()
      for (const time of times) queue.add(time, time)
      const taken = Array.from(times, () => {
        const next = queue.nextAt()
        const item = queue.take()
        expect(item).toBe(next)
        return item
      })
      expect(taken).toEqual(times.toSorted((a, b) => a - b))
      expect([queue.size(), queue.take(), queue.nextAt()]).toEqual([0, undefined, Number.POSITIVE_INFINITY])
    }),
  )
})

describe('the clock of a fill', () => {
  const hour = 3_600e6
  const knobs = generatorKnobsSchema.parse({
    traffic: [
      { hours: '0-1', multiplier: 1 },
      { hours: '1-2', multiplier: 3 },
    ],
  })

  test('never goes back and ends at its end', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (shares) => {
        const clock = trafficClock(knobs, 0, 2 * hour)
        const times = shares.toSorted((a, b) => a - b).map(clock)
        expect(times).toEqual(times.toSorted((a, b) => a - b))
        expect(clock(1)).toBe(2 * hour)
      }),
    )
  })

  test('gives a busy hour its share', () => {
    const clock = trafficClock(knobs, 0, 2 * hour)
    expect(clock(0.25)).toBeCloseTo(hour, -3)
  })
})

describe('incidents', () => {
  test('befall the share of nodes that was asked for', () => {
    const chosen = (share: number): number =>
      Array.from({ length: 100 }, (_, node) => node).filter((node) => isChosen(node, share)).length
    expect([chosen(0), chosen(0.2), chosen(1)]).toEqual([0, 20, 100])
    expect(isChosen(0, 0.01)).toBe(true)
  })

  test('fill the larger part of every window that they touch', () => {
    const minute = 60e6
    const { around } = schedule({ seed: 's', node: 0, nodes: 1, share: 1, periodMinutes: 90, windowMinutes: 5 })
    for (let at = 0; at < 3_000 * minute; at += 30 * minute) {
      const found = around(at)
      if (found === undefined) throw new Error('no incident')
      const window = 5 * minute
      for (let start = Math.floor(found.from / window) * window; start < found.to; start += window)
        expect(Math.min(found.to, start + window) - Math.max(found.from, start)).toBeGreaterThan(0.7 * window)
    }
  })
})

describe('a growing log', () => {
  test('is rotated by size, keeps its backups, and loses no line before the oldest falls off', () => {
    const file = join(folder, 'a', 'access.log')
    const log = growLog(file, { maxBytes: 1_000, backups: 3 })
    const lines = Array.from(
      { length: 100 },
      (_, index) => `line ${String(index).padStart(4, '0')} ${'x'.repeat(40)}\n`,
    )
    for (const line of lines) log.append(line)
    log.close()
    expect(readdirSync(join(folder, 'a')).sort()).toEqual([
      'access.log',
      'access.log.1',
      'access.log.2',
      'access.log.3',
    ])
    const kept = ['.3', '.2', '.1', ''].map((end) => readFileSync(`${file}${end}`, 'utf8'))
    for (const text of kept) expect(text.length).toBeLessThanOrEqual(1_000)
    expect(kept.join('')).toBe(lines.slice(-linesOf(kept.join('')).length).join(''))
    expect(linesOf(kept.join('')).length).toBeGreaterThan(60)
  })

  test('goes on where it was after it was closed, and never rotates with 0', () => {
    const file = join(folder, 'b.log')
    for (const text of ['one\n', 'two \xff\n']) {
      const log = growLog(file, { maxBytes: 0, backups: 1 })
      log.append(text)
      log.close()
    }
    expect(readFileSync(file, 'latin1')).toBe('one\ntwo \xff\n')
    expect(existsSync(`${file}.1`)).toBe(false)
  })
})

test('live logs grow by the rate together, and do not make up for a sleep', () => {
  const files = ['x', 'y', 'z'].map((id) => ({ id, file: join(folder, id, 'access.log') }))
  const plan = generatorPlanSchema.parse({ nodes: files, seed: 1, lines: 0, until: 0, knobs: { rate: 300 } })
  const logs = growLogs(plan, 1_000_000)
  for (let now = 1_000_100; now <= 1_004_000; now += 100) logs.tick(now)
  const counts = () => files.map(({ file }) => linesOf(readFileSync(file, 'latin1')).length)
  const sum = (): number => counts().reduce((total, count) => total + count, 0)
  expect(sum()).toBeGreaterThanOrEqual(1_199)
  expect(sum()).toBeLessThanOrEqual(1_200)
  for (const count of counts()) expect(count).toBeGreaterThan(300)
  logs.tick(9_000_000)
  expect(sum()).toBeLessThanOrEqual(1_800)
  logs.close()
})
