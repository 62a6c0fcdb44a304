import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tables } from '../../../src/core/tables.ts'
import type { FaultKind } from '../../bigquery/server/faults.ts'
import { call, type Demo, openDemo, refusal, words } from './demo.ts'

let demo: Demo
beforeEach(async () => {
  demo = await openDemo()
})
afterEach(() => demo.close())

const passing: readonly FaultKind[] = [
  '500 before acceptance',
  '503 before acceptance',
  '503 after acceptance',
  'cut before acceptance',
  'cut after acceptance',
  'html page',
  'html page with 200',
  'html page with 403',
  'cut JSON',
  '200 without status',
  '429 Retry-After 1',
  '403 rateLimitExceeded',
  'expired token',
]

describe('what passes is asked again, and nothing is made twice', () => {
  test.each(passing)('%s, once at every kind of call', async (kind) => {
    const { server, warehouse } = demo
    const sender = await demo.sender()
    const on = ['datasets.get', 'datasets.insert', 'tables.get', 'tables.insert', 'tables.patch'] as const
    server.faults.add(...on.map((endpoint) => ({ on: endpoint, do: kind })))
    const { epoch } = await warehouse.confirm(tables, call(30_000))
    expect(await warehouse.confirm(tables, call())).toEqual({ epoch, created: [] })
    await sender.sendLines(epoch, 'one', [{ id: 'n/f/0', text: 'a', sentUs: Date.UTC(2026, 10, 24) * 1000 }])
    const later = [
      'jobs.insert.dryRun',
      'jobs.insert.query',
      'jobs.getQueryResults',
      'jobs.get',
      'tabledata.list',
    ] as const
    server.faults.add(...later.map((endpoint) => ({ on: endpoint, do: kind })))
    const { rows } = await warehouse.query('SELECT raw_line FROM {raw_logs}', { ...call(30_000), limit: 5 })
    expect(rows).toEqual([['a']])
    expect((await warehouse.tail('raw_logs', { ...call(30_000), limit: 5 })).length).toBe(1)
    const asked = new Set(
      server
        .jobs()
        .filter(({ type }) => type === 'QUERY')
        .map(({ id }) => id),
    )
    expect(asked.size).toBe(1)
  })
})

test('a token that is refused leads to a new one once, from the key file as it is then', async () => {
  const { server, warehouse } = demo
  await warehouse.confirm(tables, call())
  expect(server.requests.count('oauth.token')).toBe(1)
  server.expireTokens()
  server.revoke('operator')
  writeFileSync(demo.credentialsPath, server.keyFile('operator'), { mode: 0o600 })
  await warehouse.status(call())
  server.faults.add({ on: 'tables.get', do: 'expired token', times: Number.POSITIVE_INFINITY })
  const error = await refusal(warehouse.status(call()))
  expect(error.kind).toBe('refused')
  expect(error.what).toContain('not even a fresh one')
})

test('a job that failed is not run again by itself: it may have cost something', async () => {
  const { server, warehouse } = demo
  await warehouse.confirm(tables, call())
  server.faults.add({ on: 'jobs.insert.query', do: 'job fails with quotaExceeded' })
  const error = await refusal(warehouse.query('SELECT 1', { ...call(), limit: 1 }))
  expect(error.what).toContain('quota')
  expect(server.requests.count('jobs.insert.query')).toBe(1)
})

test('calls end when they are told to, at once', async () => {
  const { server, warehouse } = demo
  await warehouse.confirm(tables, call())
  server.faults.add({ on: 'tables.get', do: 'silence', times: Number.POSITIVE_INFINITY })
  const controller = new AbortController()
  const running = refusal(warehouse.status({ signal: controller.signal, deadlineMs: 60_000 }))
  controller.abort()
  expect((await running).kind).toBe('interrupted')
  const closing = refusal(warehouse.status(call(60_000)))
  await warehouse.close()
  expect((await closing).kind).toBe('interrupted')
})

test('watching costs nothing: no query, and no rows are listed again while none came', async () => {
  const { server, warehouse } = demo
  const { epoch } = await warehouse.confirm(tables, call())
  await (await demo.sender()).sendLines(epoch, 'one', [{ id: 'n/f/0', text: 'a', sentUs: 1_764_000_000_000_000 }])
  const look = async () => {
    await warehouse.status(call())
    for (const { name } of tables) await warehouse.tail(name, { ...call(), limit: 20 })
  }
  await look()
  const listed = server.requests.count('tabledata.list')
  expect(listed).toBeGreaterThan(0)
  server.requests.clear()
  for (let i = 0; i < 100; i += 1) await look()
  const seen = new Set(server.requests.all.map(({ endpoint }) => endpoint))
  expect([...seen]).toEqual(['tables.get'])
})

test('no token and no key stands in what a failing call says', async () => {
  const { server, warehouse } = demo
  server.faults.add({ on: 'any', do: '403 accessDenied', times: Number.POSITIVE_INFINITY })
  const error = await refusal(warehouse.confirm(tables, call()))
  expect(words(error)).not.toContain(server.token('operator'))
  expect(JSON.stringify(error.cause)).not.toMatch(/PRIVATE KEY|authorization/i)
})

test('the deadline of a call holds for all that it asks for together', async () => {
  const { server, warehouse } = demo
  server.faults.add({ on: 'any', do: 'answer after 300 ms', times: Number.POSITIVE_INFINITY })
  expect((await refusal(warehouse.confirm(tables, call(1_000)))).kind).toBe('unreachable')
  server.faults.clear()
  await warehouse.confirm(tables, call())
  server.faults.add({ on: 'any', do: 'answer after 300 ms', times: Number.POSITIVE_INFINITY })
  expect((await refusal(warehouse.tail('log_results', { ...call(500), limit: 5 }))).kind).toBe('unreachable')
})
