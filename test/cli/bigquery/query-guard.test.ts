import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Endpoint } from '../../bigquery/server/types.ts'
import { dataEditor, jobUser, openWorld, type RightsWorld } from './world.ts'

const mb = 1024 * 1024
const runs: readonly Endpoint[] = ['jobs.query', 'jobs.insert.query', 'jobs.getQueryResults']
const cheap = 'SELECT remote_log_id FROM {raw_logs}'
const dear = 'SELECT raw_line FROM {raw_logs}'
const dearPrice = 'Reads 200 MB, bills 200 MB, $0.0012'

let world: RightsWorld
/** The limits that jobs were sent with, of the whole file. */
const limits: unknown[] = []

beforeAll(async () => {
  world = await openWorld()
  for (const account of ['operator', 'uploader']) world.server.grant(account, [dataEditor, jobUser])
  expect((await world.run(['tables', 'confirm'])).code).toBe(0)
  world.server.weigh('log_analytics', 'raw_logs', 'remote_log_id', 5 * mb)
  world.server.weigh('log_analytics', 'raw_logs', 'raw_line', 200 * mb)
})
afterAll(() => world.close())

beforeEach(() => {
  world.server.faults.clear()
  world.server.requests.clear()
})

/** What a query printed, and which limits it was sent to the stand-in with. */
const query = async (sql: string, ...args: readonly string[]) => {
  const ended = await world.run(['query', sql, ...args])
  const { requests } = world.server
  const sent = requests
    .of('jobs.insert.query', 'jobs.query')
    // biome-ignore lint/suspicious/noExplicitAny: a test looks into bodies of every shape
    .map(({ body }) => (body as any)?.configuration?.query?.maximumBytesBilled)
  limits.push(...sent)
  return { ...ended, sent, dryRuns: requests.count('jobs.insert.dryRun'), ran: requests.count(...runs) }
}

describe('the price of a query', () => {
  test('stands on stderr before it runs, and what it billed after it', async () => {
    const { code, stdout, stderr, sent } = await query(cheap)
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(
      /^Reads 5 MB, bills 10 MB, < \$0\.0001; the first 1 TB of a month is free\.\n[\s\S]*billed 10 MB/,
    )
    expect(stdout).not.toContain('bills')
    expect(sent).toEqual([`${11 * mb}`])
  })

  test('stands there also when the query then fails', async () => {
    world.server.faults.add({ on: 'jobs.insert.query', do: 'job fails with quotaExceeded' })
    const { code, stdout, stderr } = await query(cheap)
    expect(code).not.toBe(0)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^Reads 5 MB, bills 10 MB[\s\S]*quota/)
  })

  test('is for every table that is read', async () => {
    const { code, stderr, sent } = await query(
      'SELECT r.remote_log_id FROM {raw_logs} r JOIN {emergency_logs} e USING (remote_log_id)',
    )
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/^Reads 5 MB, bills 20 MB/)
    expect(sent).toEqual([`${22 * mb}`])
  })

  test('is in --json as bytes', async () => {
    const { code, stdout, stderr } = await query(cheap, '--json')
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ rows: [], bytesProcessed: 5 * mb, bytesBilled: 10 * mb })
  })
})

describe('a query of more than 100 MB', () => {
  test('is not run without a terminal; the price and the flag that allows it are named', async () => {
    const { code, stdout, stderr, dryRuns, ran } = await query(dear)
    expect(code).toBe(4)
    expect(stdout).toBe('')
    expect(stderr).toContain(dearPrice)
    expect(stderr).toContain('it would bill 200 MB, $0.0012')
    expect(stderr).toContain(`--max-bytes ${220 * mb}`)
    expect([dryRuns, ran]).toEqual([1, 0])
  })

  test('runs with the flag that was named, and with that limit', async () => {
    const { code, stderr, sent } = await query(dear, '--max-bytes', `${220 * mb}`)
    expect(code, stderr).toBe(0)
    expect(sent).toEqual([`${220 * mb}`])
  })

  test('runs with --yes, with a limit a tenth above its price', async () => {
    const { code, stderr, sent } = await query(dear, '--yes')
    expect(code, stderr).toBe(0)
    expect(stderr).toContain(dearPrice)
    expect(sent).toEqual([`${220 * mb}`])
  })
})

describe('a query is refused with its price, and only the free dry run is sent,', () => {
  test('above --max-bytes, with --yes too', async () => {
    for (const yes of [[], ['--yes']]) {
      world.server.requests.clear()
      const { code, stderr, dryRuns, ran } = await query(dear, '--max-bytes', `${199 * mb}`, ...yes)
      expect(code).toBe(4)
      expect(stderr).toContain('it would bill 200 MB, $0.0012, more than 199 MB')
      expect(stderr).toContain(`--max-bytes ${220 * mb}`)
      expect([dryRuns, ran]).toEqual([1, 0])
    }
  })

  test('above the least limit that there is, which one below 10 MB is not', async () => {
    const { code, stderr, ran } = await query(cheap, '--max-bytes', `${10 * mb - 1}`)
    expect(code).toBe(2)
    expect(stderr).toContain(`--max-bytes ${10 * mb - 1} is less than BigQuery takes`)
    expect(stderr).toContain(`Give ${10 * mb} or more`)
    expect(ran).toBe(0)
    expect((await query(cheap, '--max-bytes', `${10 * mb}`)).sent).toEqual([`${10 * mb}`])
  })

  test('above warehouse.budget_mb, whatever --yes says', async () => {
    for (const yes of [[], ['--yes']]) {
      world.server.requests.clear()
      const { code, stderr, dryRuns, ran } = await query(dear, '--warehouse-budget-mb', '150', ...yes)
      expect(code).toBe(4)
      expect(stderr).toContain('it would bill 200 MB, $0.0012, more than 150 MB')
      expect(stderr).toContain('warehouse.budget_mb')
      expect([dryRuns, ran]).toEqual([1, 0])
    }
  })
})

test('a query that the server refuses at its limit is asked once and no more', async () => {
  world.server.faults.add({
    on: 'jobs.insert.query',
    do: 'job fails with bytesBilledLimitExceeded',
    times: Number.POSITIVE_INFINITY,
  })
  const { code, stdout, stderr } = await query(cheap)
  expect(code).toBe(4)
  expect(stdout).toBe('')
  expect(stderr).toContain('more than its limit')
  expect(stderr).toContain('--max-bytes')
  const { requests } = world.server
  expect(requests.count('jobs.insert.query')).toBe(1)
  expect(requests.count('jobs.getQueryResults')).toBeLessThanOrEqual(1)
  expect(requests.count()).toBeLessThan(8)
})

test('every query that was sent had a limit, and nothing that was printed holds a secret', () => {
  expect(limits.length).toBeGreaterThan(6)
  for (const limit of limits) expect(Number(limit)).toBeGreaterThanOrEqual(10 * mb)
  expect(world.server.jobs().filter(({ type }) => type === 'QUERY').length).toBe(limits.length)
  expect(world.leaks()).toEqual([])
})
