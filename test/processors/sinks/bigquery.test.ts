import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { paramsSchema } from '../../../processors/params.ts'
import { openSink } from '../../../processors/sinks/index.ts'
import type { Sink } from '../../../processors/sinks/sink.ts'
import { loadJobId } from '../../../src/core/bigquery/load-job.ts'
import type { StandInOptions } from '../../bigquery/server/types.ts'
import { relabel } from './bigquery-dataset.ts'
import { chunk, failureOf, rights, type SinkWorld, sinkWorld, whole } from './bigquery-world.ts'

let world: SinkWorld
const start = async (options: StandInOptions = {}): Promise<Sink> => {
  world = await sinkWorld(options)
  return world.open()
}
afterEach(() => world.close())

describe('the BigQuery sink loads a chunk once', () => {
  test('and leaves nothing behind', async () => {
    const sink = await start()
    await world.write(sink)
    await sink.load('raw_logs', chunk)
    expect(await world.rows()).toEqual(whole())
    expect(world.server.jobs()).toMatchObject([
      { id: loadJobId(chunk, 'raw_logs', 0), location: 'US', table: 'logs.raw_logs' },
    ])
    expect(readdirSync(join(world.data, '.bbq', 'outbox'))).toEqual([])
    expect(world.server.requests.count('oauth.token')).toBe(1)
  })

  test('however often it is done again', async () => {
    const sink = await start()
    for (let i = 0; i < 3; i++) {
      await world.write(sink)
      await sink.load('raw_logs', chunk)
    }
    expect(await world.rows()).toEqual(whole())
    expect(world.attempts()).toEqual(['a0'])
  })

  test('when ten loaders have the same chunk', async () => {
    const sink = await start()
    await world.write(sink)
    const path = sink.aside('raw_logs', chunk)
    world.server.faults.add({ on: 'jobs.insert', do: 'job fails with backendError' })
    const loaders = Array.from({ length: 10 }, (_, i) => world.open({ loadSilenceMs: 5_000 }, `w${i}`))
    for (const loader of loaders) await world.write(loader)
    await Promise.all(loaders.map((loader) => loader.load('raw_logs', chunk)))
    expect(await world.rows()).toEqual(whole())
    // the failure hits nothing when another loader's job is accepted before
    expect(['a0', 'a0 a1']).toContain(world.attempts().join(' '))
    expect(existsSync(path)).toBe(true)
    await sink.tidy('raw_logs', chunk)
    expect(readdirSync(join(world.data, '.bbq', 'outbox'))).toEqual([])
  })
})

describe('the BigQuery sink', () => {
  test('finds the first attempt that has not failed in few questions', async () => {
    const sink = await start()
    world.server.faults.add({ on: 'jobs.insert', do: 'job fails with invalid', times: Number.POSITIVE_INFINITY })
    for (let i = 0; i < 40; i++) {
      await world.write(sink)
      await failureOf(sink.load('raw_logs', chunk))
    }
    world.server.faults.clear()
    world.server.requests.clear()
    await world.write(sink)
    await sink.load('raw_logs', chunk)
    expect(world.attempts()).toEqual(Array.from({ length: 41 }, (_, i) => `a${i}`))
    expect(world.server.requests.count('jobs.insert')).toBe(2)
    expect(world.server.requests.count('jobs.get')).toBeLessThan(20)
    expect(await world.rows()).toEqual(whole())
  })

  test('loads nothing into tables that were emptied meanwhile', async () => {
    const sink = await start()
    await sink.check()
    await world.write(sink)
    await relabel(world.place, 'efgh5678')
    world.pass(10_000)
    const refused = { what: expect.stringContaining('holds epoch efgh5678'), kind: 'refused' }
    expect(await failureOf(sink.load('raw_logs', chunk))).toMatchObject(refused)
    expect(world.server.jobs()).toEqual([])
  })

  test('asks for the epoch every few seconds at most, and for a token when it is about to end', async () => {
    const sink = await start({ tokenSeconds: 100 })
    for (let i = 0; i < 5; i++) await sink.check()
    expect(world.server.requests.count('tables.get')).toBe(1)
    world.pass(6_000)
    await sink.check()
    expect(world.server.requests.count('tables.get')).toBe(2)
    expect(world.server.requests.count('oauth.token')).toBe(1)
    world.pass(50_000)
    await sink.check()
    expect(world.server.requests.count('oauth.token')).toBe(2)
  })

  test('waits for rights that arrive late', async () => {
    const sink = await start({ grantsArriveAfter: 8 })
    await world.write(sink)
    world.server.grant('uploader', rights)
    await sink.load('raw_logs', chunk)
    expect(await world.rows()).toEqual(whole())
  })

  test('needs no key for an endpoint of its own, and one for Google', async () => {
    await start({ withoutToken: 'owner' })
    const bare = { stage: 'raw', epoch: 'abcd1234', data: world.data, sink: 'bigquery:demo/logs' }
    const options = { epoch: 'abcd1234', nameOf: (table: string) => table, writer: 'me', now: () => 0 }
    const own = openSink(bare.sink, {
      ...options,
      params: paramsSchema.parse({ ...bare, apiEndpoint: world.server.url }),
    })
    await own.check()
    expect(() => openSink(bare.sink, { ...options, params: paramsSchema.parse(bare) })).toThrow(
      /credentials.json is missing/,
    )
    const both = paramsSchema.parse({ ...bare, tokenEndpoint: world.server.tokenUrl })
    expect(() => openSink(bare.sink, { ...options, params: both })).toThrow(/--token-endpoint/)
  })

  test.each(['no JSON', '{}', '{"client_email":"a@b","private_key":"SECRET"}'])(
    'does not show a key file that is none: %s',
    async (text) => {
      await start()
      writeFileSync(join(world.data, 'key.json'), text, { mode: 0o600 })
      expect(() => world.open()).toThrow(/is no key file/)
      expect(() => world.open()).not.toThrow(/SECRET/)
    },
  )

  test('refuses a key file that others may read, with what to type', async () => {
    await start()
    chmodSync(join(world.data, 'key.json'), 0o644)
    expect(() => world.open()).toThrow(/key\.json is open to others: its mode is 644\./)
    chmodSync(join(world.data, 'key.json'), 0o600)
    await world.open().check()
  })

  test('refuses a target that is no dataset', () => {
    const params = paramsSchema.parse({ stage: 'raw', epoch: 'abcd1234', sink: 'x' })
    const options = { epoch: 'abcd1234', nameOf: (table: string) => table, writer: 'me', now: () => 0, params }
    for (const target of ['', 'demo', 'demo/', 'a/b/c'])
      expect(() => openSink(`bigquery:${target}`, options)).toThrow(/names no dataset/)
  })
})
