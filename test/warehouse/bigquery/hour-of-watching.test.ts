import { expect, onTestFinished, test } from 'vitest'
import type { Endpoint } from '../../bigquery/server/types.ts'
import { fakeTime, settle } from '../../fakes/time.ts'
import { configOf, world } from '../../fakes/world.ts'
import { openDemo } from './demo.ts'

const tickMs = 2_000
const minuteMs = 60_000
const steps = ['raw', 'aggregated', 'query', 'summary']
const billed: readonly Endpoint[] = ['jobs.query', 'jobs.insert.query', 'jobs.insert', 'jobs.getQueryResults']

/** An engine that watches a stand-in by the clock of a test, and how that clock moves: tick by tick, each answered before the next. */
const openWatch = async () => {
  const time = fakeTime()
  const demo = await openDemo({ now: time.now, wish: { now: time.now } })
  const config = configOf({ warehouse: { kind: 'bigquery' }, project: { id: 'demo-project' } })
  const { engine } = world({
    openWarehouse: async () => demo.warehouse,
    config,
    local: config,
    clock: time.now,
    // nothing is looked at more often than this
    timers: { ...time.timers, every: (ms, callback) => time.timers.every(Math.max(ms, tickMs), callback) },
  })
  onTestFinished(async () => {
    await engine.close()
    await demo.close()
  })
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += tickMs) {
      await time.pass(tickMs)
      await engine.idle()
      await settle()
    }
  }
  return { ...demo, engine, now: time.now, pass }
}

test('an hour of watching asks no query, loads nothing and bills nothing, while rows arrive and tokens expire', async () => {
  const { server, engine, sender, now, pass } = await openWatch()
  await engine.commands.start()
  const { epoch = '' } = engine.store.getState().source ?? {}
  const { sendLines, sendWindows } = await sender()
  await pass(minuteMs)
  server.requests.clear()

  for (let minute = 0; minute < 60; minute += 1) {
    engine.commands.show(steps[Math.floor(minute / 15)] ?? '')
    await sendLines(epoch, `minute${minute}`, [{ id: `aws-1/f/${minute}`, text: 'a line', sentUs: now() * 1_000 }])
    await sendWindows(epoch, `minute${minute}`, [
      {
        node: 'aws-1',
        window: new Date(now() - (now() % 300_000)).toISOString(),
        total: 1,
        bytes: 10,
        endpoints: [{ endpoint: '/', count: 1, bytes: 10 }],
      },
    ])
    await pass(minuteMs)
  }

  const watching = server.requests.all.filter(({ account }) => account !== server.emailOf('uploader'))
  expect(watching.filter(({ endpoint }) => billed.includes(endpoint))).toEqual([])
  expect(watching.filter(({ endpoint }) => endpoint === 'tables.get').length).toBeGreaterThan(4 * 1_790)
  const { spend, tables, query } = engine.store.getState()
  expect(spend).toMatchObject({ asked: 0, billedBytes: 0, unsureBytes: 0, watchedBytes: 0 })
  expect(spend.calls.query).toBe(0)
  expect(spend.calls.status).toBeGreaterThan(1_790)

  // it was watched: every row was counted, recent ones and prices came
  expect(tables.byName.raw_logs.rows).toBe(60)
  expect(tables.byName.log_aggregates.tail.length).toBe(60)
  expect(watching.some(({ endpoint }) => endpoint === 'tabledata.list')).toBe(true)
  expect(Object.keys(query.prices).length).toBeGreaterThan(0)
  // the token of the first minute has died within the hour, and one new one was asked for
  expect(server.requests.count('oauth.token')).toBe(1)
  expect(watching.some(({ status }) => status === 401)).toBe(true)
  expect(watching.filter(({ status }) => status !== 200 && status !== 401)).toEqual([])
  expect(tables.failure).toBeUndefined()
}, 120_000)
