import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  formatAgo,
  formatBytes,
  formatClock,
  formatCompact,
  formatCount,
  formatDuration,
  formatElapsed,
  formatMemory,
  formatShare,
  formatTimeOfDay,
  formatTimes,
} from '../../src/core/format.ts'

describe('figures for people', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [208_172, '208,172'],
    [-1234, '-1,234'],
    [-0.2, '0'],
  ])('count %d is %s', (value, text) => expect(formatCount(value)).toBe(text))

  test('a count keeps its digits', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e15 }), (n) => Number(formatCount(n).replaceAll(',', '')) === n))
  })

  test.each([
    [0, '0'],
    [987, '987'],
    [1200, '1.2k'],
    [34_000, '34k'],
    [999_600, '1M'],
    [5_000_000, '5M'],
  ])('compact %d is %s', (value, text) => expect(formatCompact(value)).toBe(text))

  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [126_000, '126 KB'],
    [999_700, '1.0 MB'],
    [33_100_000, '33.1 MB'],
    [2_500_000_000, '2.5 GB'],
  ])('bytes %d are %s', (value, text) => expect(formatBytes(value)).toBe(text))

  test('bytes never take more than eight characters', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 9e15 }), (n) => formatBytes(n).length <= 8))
  })

  test('memory counts in 1,024', () => expect(formatMemory(512 * 1024 * 1024)).toBe('512 MB'))

  test.each([
    [41, '41 ms'],
    [400, '0.4 s'],
    [2100, '2.1 s'],
    [59_960, '0:59'],
    [160_000, '2:40'],
  ])('duration %d is %s', (value, text) => expect(formatDuration(value)).toBe(text))

  test('elapsed time and clock', () => {
    expect(formatElapsed(2000)).toBe('0:02')
    expect(formatElapsed(3_845_000)).toBe('1:04:05')
    expect(formatClock(192_000)).toBe('03:12')
    expect(formatClock(3_845_000)).toBe('1:04:05')
  })

  test.each([
    [1000, 'just now'],
    [40_000, '40 s ago'],
    [120_000, '2 min ago'],
    [3_600_000, '1 hour ago'],
    [7_300_000, '2 hours ago'],
    [2 * 86_400_000, '2 days ago'],
  ])('%d ms ago is %s', (value, text) => expect(formatAgo(value)).toBe(text))

  test('shares and ratios', () => {
    expect(formatShare(66, 1000)).toBe('6.6 %')
    expect(formatShare(13, 100)).toBe('13 %')
    expect(formatShare(1, 1)).toBe('100 %')
    expect(formatShare(0, 5)).toBe('0 %')
    expect(formatShare(1, 100_000)).toBe('< 0.1 %')
    expect(formatShare(1, 0)).toBe('—')
    expect(formatTimes(33_100_000, 301_000)).toBe('110')
    expect(formatTimes(15, 2)).toBe('7.5')
    expect(formatTimes(15, 0)).toBe('—')
  })

  test('time of day', () => expect(formatTimeOfDay('2026-11-24T10:22:31.104518Z')).toBe('10:22:31'))
})
