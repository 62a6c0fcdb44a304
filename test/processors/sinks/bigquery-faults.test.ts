import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { FaultKind } from '../../bigquery/server/faults.ts'
import type { Endpoint } from '../../bigquery/server/types.ts'
import { epoch, type SinkWorld, sinkWorld, whole } from './bigquery-world.ts'

let world: SinkWorld
beforeAll(async () => {
  world = await sinkWorld()
})
afterEach(() => {
  world.server.faults.clear()
  world.server.requests.clear()
})
afterAll(() => world.close())

interface Story {
  readonly on: Endpoint
  readonly fault: FaultKind
  /** The attempts that reached BigQuery as jobs. */
  readonly ids: readonly string[]
  readonly inserts: number
}

const passing: readonly Story[] = [
  { on: 'jobs.insert', fault: 'cut before acceptance', ids: ['a0'], inserts: 2 },
  { on: 'jobs.insert', fault: 'cut after acceptance', ids: ['a0'], inserts: 1 },
  { on: 'jobs.insert', fault: '500 before acceptance', ids: ['a0'], inserts: 2 },
  { on: 'jobs.insert', fault: '503 before acceptance', ids: ['a0'], inserts: 2 },
  { on: 'jobs.insert', fault: '503 after acceptance', ids: ['a0'], inserts: 1 },
  { on: 'jobs.insert', fault: 'silence', ids: ['a0'], inserts: 2 },
  { on: 'jobs.insert', fault: 'silence after acceptance', ids: ['a0'], inserts: 1 },
  { on: 'jobs.insert', fault: 'never ending answer', ids: ['a0'], inserts: 1 },
  { on: 'jobs.insert', fault: 'answer after 100 ms', ids: ['a0'], inserts: 1 },
  { on: 'jobs.insert', fault: '429 Retry-After 1', ids: ['a0'], inserts: 2 },
  { on: 'jobs.insert', fault: '403 rateLimitExceeded', ids: ['a0'], inserts: 2 },
  { on: 'jobs.insert', fault: '403 accessDenied', ids: ['a0'], inserts: 2 },
  { on: 'jobs.insert', fault: '404 notFound', ids: ['a0'], inserts: 2 },
  { on: 'jobs.insert', fault: 'html page', ids: ['a0'], inserts: 2 },
  { on: 'jobs.insert', fault: 'html page with 200', ids: ['a0'], inserts: 2 },
  { on: 'jobs.insert', fault: 'html page with 403', ids: ['a0'], inserts: 2 },
  { on: 'jobs.insert', fault: 'cut JSON', ids: ['a0'], inserts: 1 },
  { on: 'jobs.insert', fault: '200 without status', ids: ['a0'], inserts: 1 },
  { on: 'jobs.insert', fault: 'expired token', ids: ['a0'], inserts: 2 },
  { on: 'jobs.insert', fault: 'job fails with backendError', ids: ['a0', 'a1'], inserts: 2 },
  { on: 'jobs.insert', fault: 'job fails with internalError', ids: ['a0', 'a1'], inserts: 2 },
  { on: 'jobs.insert', fault: 'job fails with jobBackendError', ids: ['a0', 'a1'], inserts: 2 },
  { on: 'jobs.insert', fault: 'job fails with jobInternalError', ids: ['a0', 'a1'], inserts: 2 },
  { on: 'jobs.insert', fault: 'job fails with rateLimitExceeded', ids: ['a0', 'a1'], inserts: 2 },
  { on: 'jobs.insert', fault: 'job fails with jobRateLimitExceeded', ids: ['a0', 'a1'], inserts: 2 },
  { on: 'jobs.insert', fault: 'job fails with accessDenied', ids: ['a0', 'a1'], inserts: 2 },
  { on: 'jobs.insert', fault: 'job fails with notFound', ids: ['a0', 'a1'], inserts: 2 },
  { on: 'jobs.insert', fault: 'job fails with stopped', ids: ['a0', 'a1'], inserts: 2 },
  { on: 'jobs.insert', fault: 'RUNNING for 3 polls', ids: ['a0'], inserts: 1 },
  ...(
    [
      ...['cut before acceptance', '500 before acceptance', 'silence', 'never ending answer', '429 Retry-After 1'],
      ...[
        '403 rateLimitExceeded',
        'html page',
        'html page with 200',
        'html page with 403',
        'cut JSON',
        '200 without status',
        'expired token',
      ],
    ] as const
  ).map((fault): Story => ({ on: 'jobs.get', fault, ids: ['a0'], inserts: 1 })),
  // a job that is told to be unknown is sent again, under its own id, and found to be there
  { on: 'jobs.get', fault: '404 notFound', ids: ['a0'], inserts: 2 },
  ...(
    [
      ...['cut before acceptance', '500 before acceptance', 'silence', 'never ending answer', '429 Retry-After 1'],
      ...['403 rateLimitExceeded', '403 accessDenied', '404 notFound', 'html page', 'html page with 200', 'cut JSON'],
      ...['html page with 403', '200 without status', 'expired token'],
    ] as const
  ).map((fault): Story => ({ on: 'tables.get', fault, ids: ['a0'], inserts: 1 })),
  ...(
    [
      ...['cut before acceptance', '500 before acceptance', 'silence', 'never ending answer', '429 Retry-After 1'],
      ...['html page', 'html page with 200', 'html page with 403', 'cut JSON', '200 without status'],
    ] as const
  ).map((fault): Story => ({ on: 'oauth.token', fault, ids: ['a0'], inserts: 1 })),
]

describe('the BigQuery sink loads a chunk once through', () => {
  test.each(passing.map((story, i) => [story.fault, story.on, `${epoch}-${i}`, story] as const))(
    '%s on %s',
    async (fault, on, chunkId, { ids, inserts }) => {
      const sink = world.open()
      const before = world.server.faults.fired.length
      await world.write(sink, chunkId)
      if (on === 'jobs.get') world.server.faults.add({ on: 'jobs.insert', do: 'RUNNING for 1 polls' })
      world.server.faults.add({ on, do: fault })
      await sink.load('raw_logs', chunkId)
      expect(world.server.faults.fired.slice(before)).toContainEqual({ endpoint: on, kind: fault })
      expect(await world.rows(chunkId)).toEqual(whole(chunkId))
      expect(world.attempts(chunkId)).toEqual(ids)
      expect(world.server.requests.count('jobs.insert')).toBe(inserts)
    },
  )
})
