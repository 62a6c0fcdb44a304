import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  checkPace,
  chunkBytesFor,
  dailyQuota,
  type LoadStream,
  leastPace,
} from '../../../src/core/bigquery/plan-loads.ts'
import { AppError } from '../../../src/core/errors.ts'
import { type TableName, tableNames } from '../../../src/core/tables.ts'

const mib = 1024 * 1024
const refusal = (act: () => void): AppError => {
  try {
    act()
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown
  }
  throw new Error('it was not refused')
}

describe('the pace of a stage that is kept running', () => {
  test.each([
    [1, 6],
    [3, 18],
    [21, 122],
    [100, 576],
    [1000, 5760],
  ])('of %i nodes is every %i s at most', (nodes, seconds) => {
    expect(leastPace(nodes, ['log_results'])).toBe(seconds * 1000)
  })

  test('is refused with the arithmetic and the pace that fits', () => {
    const error = refusal(() => checkPace(21, { tables: ['log_aggregates', 'emergency_logs'], everyMs: 10_000 }))
    expect(error).toMatchObject({ kind: 'refused' })
    expect(error.message).toBe(
      'Every 10 s is too often for BigQuery: 21 nodes x 2 tables x 8,640 runs a day are 362,880 load jobs. BigQuery takes 100,000 a day for a project and 30,000 for a table; half of that is planned with, 50,000 and 15,000.',
    )
    expect(error.next[0]).toBe('Run it every 122 s or less often: --every 122s')
    checkPace(21, { tables: ['log_aggregates', 'emergency_logs'], everyMs: 122_000 })
  })

  test('counts the stages that are kept running already', () => {
    const kept: readonly LoadStream[] = [{ tables: ['log_results'], everyMs: 122_000 }]
    expect(leastPace(21, ['raw_logs'], kept)).toBe(122_000)
    expect(leastPace(21, ['log_results'], kept)).toBeGreaterThan(122_000)
    const error = refusal(() => checkPace(21, { tables: ['log_results'], everyMs: 122_000 }, kept))
    expect(error.why).toContain('kept running already sends 14,889')
    expect(error.next).toContain('Stop a stage that is kept running.')
  })

  test('counts what was sent on this day', () => {
    expect(leastPace(21, ['log_results'], [], 45_000)).toBeGreaterThan(122_000)
    expect(leastPace(21, ['log_results'], [], 50_000)).toBeUndefined()
    const error = refusal(() => checkPace(21, { tables: ['log_results'], everyMs: 600_000 }, [], 50_000))
    expect(error.why).toMatch(/^50,000 were sent today\. /)
    expect(error.next[0]).toBe('Run it once, without --every; a new day begins at 0:00 UTC.')
  })

  test('stays under half of both quotas whatever is kept running', () => {
    const names = fc.subarray([...tableNames] as TableName[], { minLength: 1 })
    const starts = fc.array(fc.tuple(names, fc.integer({ min: 1, max: 600 })), { maxLength: 4 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), starts, (nodes, wishes) => {
        const kept: LoadStream[] = []
        for (const [tables, seconds] of wishes) {
          const least = leastPace(nodes, tables, kept)
          if (least !== undefined) kept.push({ tables, everyMs: Math.max(least, seconds * 1000) })
        }
        const runs = (stream: LoadStream): number => Math.ceil(86_400_000 / stream.everyMs)
        const all = kept.reduce((sum, stream) => sum + nodes * stream.tables.length * runs(stream), 0)
        expect(all).toBeLessThanOrEqual(dailyQuota.loadJobs / 2)
        for (const table of tableNames) {
          const writers = kept.filter(({ tables }) => tables.includes(table))
          const changes = writers.reduce((sum, stream) => sum + nodes * runs(stream), 0)
          expect(changes).toBeLessThanOrEqual(dailyQuota.changesOfATable / 2)
        }
      }),
    )
  })
})

describe('the size of a chunk', () => {
  test.each([
    [1, 512, 32],
    [117, 4096, 32],
    [118, 4096, 33],
    [400, 4096, 110],
    [1000, 8192, 274],
    [1000, 512, 32],
    [1000, 2048, 128],
  ])('on %i nodes with %i MiB for a stage is %i MiB', (nodes, memoryMb, size) => {
    expect(chunkBytesFor(nodes, memoryMb)).toBe(size * mib)
  })
})
