import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tables } from '../../../src/core/tables.ts'
import type { Warehouse } from '../../../src/warehouse/warehouse.ts'
import { call, type Demo, openDemo, refusal, words } from './demo.ts'

const begin = Date.UTC(2026, 10, 24, 13, 5)
const minute = 60_000

let demo: Demo
let at = begin
const opened: Warehouse[] = []

beforeEach(async () => {
  at = begin
  demo = await openDemo()
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((warehouse) => warehouse.close()))
  await demo.close()
})

/** A program over a state folder that means to write. */
const writerOn = (stateDir: string, pid = 4711): Warehouse => {
  const writer = {
    pid,
    start: '1',
    since: '2026-11-24T13:05:00Z',
    command: 'bbq run raw',
    host: 'Web-1.example',
    stateDir,
  }
  const warehouse = demo.open({ writer, now: () => at })
  opened.push(warehouse)
  return warehouse
}

const confirm = (warehouse: Warehouse) => warehouse.confirm(tables, call())

describe('two state folders on one dataset', () => {
  test('the second is refused with who holds it and until when, also while the first empties it', async () => {
    const first = writerOn('/a')
    await confirm(first)
    await first.reset(call(60_000))
    at += minute
    const error = await refusal(confirm(writerOn('/b', 4712)))
    expect(error.kind).toBe('refused')
    expect(words(error)).toContain('process 4711 on web-1-example')
    expect(words(error)).toContain('2026-11-24T13:08:00Z')
  })

  test('whoever only looks is not, nor the next program over the same state folder', async () => {
    const first = writerOn('/a')
    const { epoch } = await confirm(first)
    expect((await demo.warehouse.confirm(tables, call())).epoch).toBe(epoch)
    expect((await confirm(writerOn('/a', 4712))).epoch).toBe(epoch)
  })

  test('it is free when the first is closed, or was silent for three minutes', async () => {
    const first = writerOn('/a')
    await confirm(first)
    await first.close()
    const second = writerOn('/b')
    await confirm(second)
    at += 2 * minute
    await refusal(confirm(writerOn('/c')))
    at += 2 * minute
    await confirm(writerOn('/c'))
    // what it lost is not its own to give back
    await second.close()
    await refusal(confirm(writerOn('/d')))
  })

  test('of many at once one gets it', async () => {
    await confirm(demo.warehouse)
    const all = await Promise.allSettled(['/a', '/b', '/c', '/d'].map((folder) => confirm(writerOn(folder))))
    expect(all.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected'])
  })

  test('holding it is no arrival of rows', async () => {
    await confirm(demo.warehouse)
    const before = await demo.warehouse.status(call())
    await confirm(writerOn('/a'))
    expect(await demo.warehouse.status(call())).toEqual(before)
  })
})
