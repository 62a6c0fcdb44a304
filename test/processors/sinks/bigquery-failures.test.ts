import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Sink } from '../../../processors/sinks/sink.ts'
import type { StandInOptions } from '../../bigquery/server/types.ts'
import { chunk, failureOf, type SinkWorld, sinkWorld, whole } from './bigquery-world.ts'

let world: SinkWorld
const start = async (options: StandInOptions = {}): Promise<Sink> => {
  world = await sinkWorld(options)
  return world.open()
}
afterEach(() => world.close())

describe('the BigQuery sink gives up', () => {
  const always = { times: Number.POSITIVE_INFINITY } as const

  test.each([
    ['job fails with invalid', 'invalid', 'bbq tables confirm', ['a0']],
    ['job fails with accessDenied', 'accessDenied', 'bbq permissions check', ['a0', 'a1', 'a2', 'a3', 'a4']],
    ['job fails with notFound', 'notFound', 'bbq tables confirm', ['a0', 'a1', 'a2', 'a3', 'a4']],
    ['403 accessDenied', 'accessDenied', 'bbq permissions check', []],
    ['403 billingNotEnabled', 'billingNotEnabled', 'billing account', []],
    ['403 accessNotConfigured', 'accessNotConfigured', 'gcloud services enable', []],
  ] as const)('a chunk whose %s, keeps its rows and goes on once it is repaired', async (fault, reason, fix, ids) => {
    const sink = await start()
    await world.write(sink)
    world.server.faults.add({ on: 'jobs.insert', do: fault, ...always })
    const error = await failureOf(sink.load('raw_logs', chunk))
    const kept = join('.bbq', 'failed', `raw_logs~${chunk}.parquet`)
    expect(error.what).toBe(`BigQuery refuses chunk ${chunk} of raw_logs (${reason}), its rows are kept in ${kept}.`)
    expect(error.next.join(' ')).toContain(fix)
    expect(Buffer.byteLength([error.message, ...error.next.slice(0, 1)].join(' '))).toBeLessThan(600)
    expect(world.attempts()).toEqual(ids)
    expect(existsSync(join(world.data, kept))).toBe(true)
    expect(await world.rows()).toEqual([])

    world.server.faults.clear()
    const repaired = world.open()
    await world.write(repaired)
    await repaired.load('raw_logs', chunk)
    await repaired.tidy('raw_logs', chunk)
    expect(await world.rows()).toEqual(whole())
    expect(world.attempts()).toEqual([...ids, `a${ids.length}`])
    expect(existsSync(join(world.data, kept))).toBe(false)
  })

  test.each(['403 quotaExceeded', 'job fails with quotaExceeded'] as const)(
    'at once at %s, names the chunk, and the next run goes on',
    async (fault) => {
      const sink = await start()
      await world.write(sink)
      world.server.faults.add({ on: 'jobs.insert', do: fault })
      const error = await failureOf(sink.load('raw_logs', chunk))
      expect(error).toMatchObject({ what: expect.stringContaining(`chunk ${chunk} of raw_logs`), kind: 'refused' })
      expect(error.what).toContain('quota is used up')
      expect(world.server.requests.count('jobs.insert')).toBe(1)
      await world.open().load('raw_logs', chunk)
      expect(await world.rows()).toEqual(whole())
    },
  )

  test('when nothing but trouble comes back, and the next run loads the chunk once', async () => {
    const sink = await start()
    await world.write(sink)
    world.server.faults.add({ on: 'jobs.insert', do: '503 after acceptance' })
    world.server.faults.add({ on: 'jobs.get', do: '500 before acceptance', ...always })
    const error = await failureOf(sink.load('raw_logs', chunk))
    expect(error).toMatchObject({
      what: expect.stringContaining('in 10 tries (HTTP 500 internalError)'),
      kind: 'unreachable',
    })
    world.server.faults.clear()
    await world.open().load('raw_logs', chunk)
    expect(await world.rows()).toEqual(whole())
    expect(world.attempts()).toEqual(['a0'])
  })

  test.each(['jobs.insert', 'oauth.token'] as const)(
    'at the pages of a proxy on %s, and names the proxy',
    async (on) => {
      const sink = await start()
      await world.write(sink)
      world.server.faults.add({ on, do: 'html page with 403', ...always })
      const error = await failureOf(sink.load('raw_logs', chunk))
      expect(error).toMatchObject({ what: expect.stringContaining('a proxy may stand between'), kind: 'unreachable' })
      world.server.faults.clear()
      await world.open().load('raw_logs', chunk)
      expect(await world.rows()).toEqual(whole())
    },
  )

  test('a right that comes late after other trouble is waited for as long as without it', async () => {
    const sink = await start()
    await world.write(sink)
    world.server.faults.add(
      { on: 'jobs.insert', do: '503 before acceptance', times: 4 },
      { on: 'jobs.insert', do: '403 accessDenied', nth: 5, times: 2 },
    )
    await sink.load('raw_logs', chunk)
    expect(await world.rows()).toEqual(whole())
  })

  test.each(['stay RUNNING', 'stay PENDING'] as const)(
    'a job that does %s, and never sends it twice',
    async (fault) => {
      const sink = await start()
      world.server.faults.add({ on: 'jobs.insert', do: fault })
      for (const loader of [sink, world.open({ loadSilenceMs: 60 })]) {
        await world.write(loader)
        expect((await failureOf(loader.load('raw_logs', chunk))).what).toContain('still runs after')
      }
      expect(world.attempts()).toEqual(['a0'])
    },
  )

  test('where it does not reach anybody', async () => {
    await start()
    const sink = world.open({ apiEndpoint: 'http://127.0.0.1:9' })
    expect(await failureOf(sink.check())).toMatchObject({
      what: expect.stringContaining('ECONNREFUSED'),
      kind: 'unreachable',
    })
  })

  test('at a key that was deleted, and shows nothing of it', async () => {
    const sink = await start()
    await world.write(sink)
    world.server.revoke('uploader')
    const error = await failureOf(sink.load('raw_logs', chunk))
    expect(error.what).toContain("uploader's key is refused: invalid_grant: Invalid JWT Signature.")
    expect(error.what).not.toContain('..')
    expect(JSON.stringify([error.message, error.next])).not.toContain('PRIVATE KEY')
  })

  test('at tokens that are refused one after the other', async () => {
    const sink = await start()
    world.server.faults.add({ on: 'tables.get', do: 'expired token', ...always })
    expect((await failureOf(sink.check())).what).toContain('does not accept this node')
    expect(world.server.requests.count('oauth.token')).toBe(2)
  })
})
