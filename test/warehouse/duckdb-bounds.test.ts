import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toAppError } from '../../src/core/errors.ts'
import { tables } from '../../src/core/tables.ts'
import { programs } from '../../src/programs.ts'
import { openWarehouse } from '../../src/warehouse/open.ts'
import type { Warehouse } from '../../src/warehouse/warehouse.ts'
import { bbq, start } from '../cli/bbq.ts'
import { peakOf } from '../peak-memory.ts'

const call = { signal: new AbortController().signal }
let state = ''
let warehouse: Warehouse

beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), 'bbq-bounds-'))
  warehouse = await openWarehouse({
    kind: 'duckdb',
    path: join(state, '.bbq', 'warehouse'),
    dataset: 'log_analytics',
    programs,
    nodePath: process.execPath,
    now: Date.now,
    newEpoch: () => 'abcd',
  })
  await warehouse.confirm(tables, call)
})
afterEach(async () => {
  await warehouse.close()
  rmSync(state, { recursive: true, force: true })
})

/** The processes that work on this dataset. */
const workers = (): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return command.includes('child.ts') && command.includes(state)
      } catch {
        return false
      }
    })
    .map(Number)

const failure = async (promise: Promise<unknown>) =>
  toAppError(
    await promise.then(
      () => new Error('it did not fail'),
      (thrown: unknown) => thrown,
    ),
  )

const huge = "SELECT repeat('x', 100000000) FROM range(20)"
/** Keeps DuckDB in one vector for an hour, and is not interrupted there. */
const stuck = "SELECT levenshtein(repeat('ab', 10000), repeat('ba', 10000) || range) FROM range(2048)"
const slow = 'SELECT count(*) FROM range(1000000) AS a, range(1000000) AS b WHERE a.range * b.range = 7'

test('a query of twenty huge values is stopped before they fill the memory, and no other call notices', async () => {
  const [pid] = workers()
  const peak = peakOf(pid)
  let asking = true
  const watching = (async () => {
    while (asking) await warehouse.status(call)
  })()
  const error = await failure(warehouse.query(huge, { ...call, limit: 100 }))
  expect(error.what).toBe('The query was stopped: it took more than 768 MB of memory.')
  expect(await peak).toBeLessThan(1_500)
  asking = false
  await watching
  expect((await warehouse.query('SELECT 1', { ...call, limit: 1 })).rows).toEqual([[1]])
})

test.each([
  ['long texts', "SELECT repeat('x', 10000) FROM range(1000000)", 1_000_000],
  ['small numbers', 'FROM range(100000000)', 100_000_000],
  ['lists', 'SELECT range(1000) FROM range(100000)', 100_000],
])('an answer of %s is cut where it holds as many bytes as it may', async (_what, sql, limit) => {
  const [pid] = workers()
  const peak = peakOf(pid)
  const { rows, truncated, full } = await warehouse.query(sql, { ...call, limit, answerBytes: 10_000_000 })
  expect({ truncated, full }).toEqual({ truncated: true, full: true })
  const bytes = Buffer.byteLength(JSON.stringify(rows))
  expect(bytes).toBeLessThan(10_500_000)
  expect(rows.length).toBeGreaterThan(200)
  await warehouse.close()
  expect(await peak).toBeLessThan(700)
})

test('a query that cannot be interrupted ends with its process when it is stopped; other calls go on', async () => {
  const controller = new AbortController()
  const asked = failure(warehouse.query(stuck, { signal: controller.signal, limit: 10 }))
  const pid = await working()
  controller.abort()
  expect((await asked).kind).toBe('interrupted')
  await expect.poll(workers, { timeout: 20_000 }).not.toContain(pid)
  expect((await warehouse.query('SELECT 1', { ...call, limit: 1 })).rows).toEqual([[1]])
})

/** Resolves to the one process on this dataset, once it has worked for some time. */
const working = async (): Promise<number> => {
  let pid = 0
  const ticks = (): number => {
    pid = workers()[0] ?? 0
    // fields 14 and 15, each a hundredth of a second
    const fields = pid === 0 ? [] : readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')
    return Number(fields[13] ?? 0) + Number(fields[14] ?? 0)
  }
  const start = ticks()
  await expect.poll(ticks, { timeout: 30_000 }).toBeGreaterThan(start + 120)
  return pid
}

/** Milliseconds from the signal to the end, for a query that is at work. */
const stopped = async (sql: string): Promise<number> => {
  const running = start(state, ['query', sql])
  await working()
  const sent = performance.now()
  running.child.kill('SIGINT')
  const { code, stderr } = await running.ended
  expect([code, stderr]).toEqual([130, 'Stopped before the warehouse had answered.\n'])
  return performance.now() - sent
}

test('Ctrl-C ends the verb as soon where DuckDB cannot be interrupted as where it can', async () => {
  await warehouse.close()
  expect((await bbq(state, ['query', 'SELECT 1'])).code).toBe(0)
  const [easy, hard] = [await stopped(slow), await stopped(stuck)]
  expect(hard / easy).toBeLessThan(5)
  expect(workers()).toEqual([])
})
