import { describe, expect, test } from 'vitest'
import { growthOf } from './growth.ts'
import { outside } from './hostile.ts'
import { takers } from './takers.ts'

describe('what takes text from outside takes four times as much of it in about four times the time', () => {
  test.each(Object.entries(takers))('%s', { timeout: 120_000 }, (_, take) => {
    const slow = outside.flatMap((hostile) => {
      const growth = growthOf(take, hostile, 2_000)
      return growth === undefined ? [] : [`${JSON.stringify(hostile(60))} takes ${growth.toFixed(0)} times`]
    })
    expect(slow.slice(0, 5)).toEqual([])
  })
})
