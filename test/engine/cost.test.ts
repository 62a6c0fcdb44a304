import { describe, expect, test } from 'vitest'
import { AppError } from '../../src/core/errors.ts'
import { admit, inMoney } from '../../src/engine/cost/guard.ts'
import { createLedger } from '../../src/engine/cost/ledger.ts'
import { loadJobsOf } from '../../src/engine/cost/loads.ts'
import { formatDollars, priceOf } from '../../src/engine/cost/price.ts'
import { leftOf, noSpend } from '../../src/engine/cost/spend.ts'
import { fakeWarehouse } from '../fakes/warehouse.ts'
import { configOf, world } from '../fakes/world.ts'

const mb = 1024 * 1024

describe('a price', () => {
  test.each([
    ['nothing read', 0, 3, 0],
    ['one byte', 1, 1, 10 * mb],
    ['10 MB for each table', 5, 2, 20 * mb],
    ['no table named', 5, 0, 10 * mb],
    ['whole MB', 10 * mb + 1, 1, 11 * mb],
    ['more than the least of its tables', 50 * mb, 2, 50 * mb],
  ])('%s', (_, bytes, tables, billed) => {
    expect(priceOf(bytes, tables).billedBytes).toBe(billed)
  })

  test('in dollars is never shown as less than it is', () => {
    expect([0, 0.00006, 0.0061, 6.25].map(formatDollars)).toEqual(['$0', '< $0.0001', '$0.0061', '$6.25'])
    expect([0, 10 * mb, 2 ** 40].map(inMoney)).toEqual(['nothing', '10 MB, < $0.0001', '1 TB, $6.25'])
  })
})

describe('a limit', () => {
  const spend = { ...noSpend, budgetBytes: 100 * mb }

  test('is the price with a margin, at least 10 MB, and never above what is left', () => {
    expect(admit(priceOf(0), spend)).toBe(10 * mb)
    expect(admit(priceOf(1), spend)).toBe(11 * mb)
    expect(admit(priceOf(50 * mb), spend)).toBe(55 * mb)
    expect(admit(priceOf(95 * mb), spend)).toBe(100 * mb)
    expect(admit(priceOf(1, 2), { ...spend, billedBytes: 79 * mb })).toBe(21 * mb)
  })

  test('is refused with the figures where the budget does not reach', () => {
    const spent = { ...spend, billedBytes: 80 * mb, unsureBytes: 5 * mb }
    expect(leftOf(spent)).toBe(15 * mb)
    const refused = () => admit(priceOf(1, 2), spent)
    expect(refused).toThrow(AppError)
    expect(refused).toThrow(/needs 20 MB, .* and 15 MB of this session's 100 MB are left/)
  })

  test('names a key only where there are keys', () => {
    const nextOf = (moreBy?: 'key'): string => {
      try {
        admit(priceOf(1), noSpend, moreBy)
      } catch (thrown) {
        return thrown instanceof AppError ? thrown.next.join(' ') : ''
      }
      return ''
    }
    expect(nextOf('key')).toMatch(/^B allows 1 GB more/)
    expect(nextOf()).toMatch(/--warehouse-budget-mb N, or warehouse\.budget_mb/)
    expect(nextOf()).not.toMatch(/\bB\b/)
  })
})

describe('the account of a session', () => {
  test('counts a query of unknown end at its limit, and what nobody asked for apart', () => {
    const ledger = createLedger(
      () => 100 * mb,
      () => 0,
    )
    const done = ledger.ask(20 * mb)
    expect(leftOf(ledger.spend())).toBe(80 * mb)
    ledger.told(10 * mb)
    done(10 * mb)
    ledger.ask(30 * mb)(undefined)
    expect(ledger.spend()).toMatchObject({ billedBytes: 10 * mb, unsureBytes: 30 * mb, watchedBytes: 0, asked: 2 })
    ledger.told(7 * mb)
    expect(ledger.spend().watchedBytes).toBe(7 * mb)
    ledger.raise(5 * mb)
    expect(leftOf(ledger.spend())).toBe(58 * mb)
  })

  test('counts load jobs day by day', () => {
    let now = Date.UTC(2025, 5, 1, 12)
    const ledger = createLedger(
      () => 0,
      () => now,
    )
    ledger.loaded(21, now)
    ledger.loaded(42, now + 3_600_000)
    expect(ledger.spend().loadJobs).toBe(63)
    expect(ledger.loads()).toEqual({ day: '2025-06-01', jobs: 63 })
    now += 86_400_000
    expect(ledger.spend().loadJobs).toBe(0)
    ledger.loaded(5, now)
    expect(ledger.spend().loadJobs).toBe(5)
  })
})

const bills = async (price: number, budgetMb = 1024, before: ReadonlyMap<string, string> = new Map()) => {
  const warehouse = fakeWarehouse({ kind: 'bigquery', price })
  const config = configOf({ warehouse: { kind: 'bigquery', budget_mb: budgetMb }, project: { id: 'some-project' } })
  const here = world({ openWarehouse: async () => warehouse, config, local: config })
  for (const [name, text] of before) here.files.set(name, text)
  await here.engine.commands.start()
  const answer = warehouse.answer
  warehouse.answer = async (sql, signal) => ({
    ...(await answer(sql, signal)),
    bytesBilled: priceOf(price).billedBytes,
  })
  here.engine.commands.show('query')
  await here.time.pass(1_000)
  return { ...here, warehouse }
}

describe('the guard of a session', () => {
  test('sends every query with a limit, and counts what it billed', async () => {
    const { engine, warehouse, time } = await bills(12_000_000)
    await engine.commands.runQuery('raw-clouds')
    await engine.commands.runSql('SELECT 1')
    await time.pass(1_000)
    expect(warehouse.limits).toEqual([14 * mb, 14 * mb])
    expect(engine.store.getState().spend).toMatchObject({ asked: 2, billedBytes: 24 * mb, watchedBytes: 0 })
    await engine.close()
  })

  test('pauses queries before the budget is passed; B asks, and then they go on', async () => {
    const { engine, warehouse, press, time } = await bills(12_000_000, 20)
    await press('Enter')
    await press('Enter')
    await time.pass(300)
    expect(warehouse.limits).toEqual([14 * mb])
    await press('Enter')
    expect(warehouse.queries.length).toBe(1)
    expect(engine.store.getState().message?.text).toContain('Queries are paused')
    expect(engine.store.getState().query.problem?.problem.next[0]).toBe('B allows 1 GB more, and asks first.')
    expect(engine.store.getState().query.running).toBeUndefined()
    await press('B')
    expect(engine.store.getState().overlay).toMatchObject({ kind: 'confirm', command: { does: 'raise budget' } })
    await press('Esc')
    expect(engine.store.getState().spend.budgetBytes).toBe(20 * mb)
    await press('B')
    await press('Enter')
    expect(engine.store.getState().spend.budgetBytes).toBe(1044 * mb)
    await press('Enter')
    await press('Enter')
    expect(warehouse.queries.length).toBe(2)
    await engine.close()
  })

  test('counts a query that was stopped at its limit, and one with an error at nothing', async () => {
    const { engine, warehouse, press, time } = await bills(1_000)
    warehouse.answer = () => new Promise(() => {})
    await press('Enter')
    await press('Enter')
    await time.pass(300)
    await press('Esc')
    await time.pass(300)
    expect(engine.store.getState().spend).toMatchObject({ billedBytes: 0, unsureBytes: 11 * mb })
    expect(engine.store.getState().message?.text).toContain('its limit counts as used')
    warehouse.answer = () => Promise.reject(new AppError({ what: 'No such column: statuz.', kind: 'usage' }))
    await press('Enter')
    await press('Enter')
    await time.pass(300)
    expect(engine.store.getState().spend).toMatchObject({ billedBytes: 0, unsureBytes: 11 * mb })
    await engine.close()
  })

  test('asking for a price is in sight, can be stopped, and tells why it failed', async () => {
    const { engine, warehouse, press, time } = await bills(1_000)
    Object.assign(warehouse, { estimate: () => new Promise(() => {}) })
    await press('Enter')
    await time.pass(300)
    expect(engine.store.getState().query.running).toMatchObject({ queryId: 'raw-clouds', pricing: true })
    await press('Esc')
    await time.pass(300)
    expect(engine.store.getState().query).not.toHaveProperty('running')
    expect(engine.store.getState().query).not.toHaveProperty('offer')
    const away = new AppError({ what: 'BigQuery is away.', kind: 'unreachable' })
    Object.assign(warehouse, { estimate: () => Promise.reject(away) })
    await press('Enter')
    await time.pass(300)
    expect(engine.store.getState().query.problem).toMatchObject({ problem: { what: 'BigQuery is away.' } })
    engine.commands.show('query')
    expect(engine.store.getState().query).not.toHaveProperty('problem')
    expect(warehouse.queries).toEqual([])
    await engine.close()
  })

  test('watching asks no query and bills nothing', async () => {
    const { engine, warehouse, time } = await bills(12_000_000)
    for (const step of ['private', 'aggregated', 'summary', 'query']) {
      engine.commands.show(step)
      await time.pass(60_000)
    }
    const { spend } = engine.store.getState()
    expect(warehouse.queries).toEqual([])
    expect(spend.calls.status).toBeGreaterThan(200)
    expect(spend.calls.estimate).toBeGreaterThan(0)
    expect(spend).toMatchObject({ asked: 0, billedBytes: 0, unsureBytes: 0, watchedBytes: 0 })
    await engine.close()
  })

  test('a query that reads nothing runs at the first Enter; a question to the nodes has no price', async () => {
    const { engine, warehouse, press } = await bills(0)
    await press('Enter')
    expect(warehouse.limits).toEqual([10 * mb])
    const edge = engine.store.getState().query.items.find(({ merge }) => merge !== undefined)
    expect(await engine.commands.priceQuery(edge?.id ?? '')).toBeUndefined()
    expect(engine.store.getState().query.prices[edge?.id ?? '']).toBeUndefined()
    await engine.close()
  })

  test('counts the load jobs of a run: chunks by tables', async () => {
    const { engine, time, files } = await bills(0)
    const run = await engine.commands.runStage('aggregated')
    const jobs = loadJobsOf(run, engine.store.getState().stages)
    expect(jobs).toBe(run.totals.chunks * 2)
    expect(jobs).toBeGreaterThan(0)
    engine.commands.show('summary')
    await engine.commands.refresh()
    await time.pass(1_000)
    expect(engine.store.getState().spend.loadJobs).toBe(jobs)
    await engine.close()
    // the day's quota is the project's, so the next session of the day goes on counting
    const next = await bills(0, 1024, files)
    await next.engine.commands.runStage('aggregated')
    next.engine.commands.show('summary')
    await next.engine.commands.refresh()
    await next.time.pass(1_000)
    expect(next.engine.store.getState().spend.loadJobs).toBe(2 * jobs)
    await next.engine.close()
  })
})
