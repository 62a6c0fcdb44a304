import { expect, test } from 'vitest'
import type { Answer } from '../../../processors/sinks/bigquery/calls.ts'
import { type Load, type LoadParts, loadOnce } from '../../../processors/sinks/bigquery/load-once.ts'
import { findTable } from '../../../src/core/tables.ts'
import { randomFrom } from '../../faults/log-text.ts'

type Ending = 'clean' | 'backendError' | 'stopped' | 'notFound' | 'quotaExceeded' | 'invalid'
interface Job {
  polls: number
  readonly ending: Ending
}

const killed = Symbol('killed')
const lost: Answer = { kind: 'unknown', why: 'lost' }
const refused = (status: number, reason: string): Answer => ({ kind: 'refused', status, reason, message: '' })

/** A service that takes an id once, and loses, delays and refuses at random; whoever asks may be killed at every step. */
const service = (random: () => number) => {
  const jobs = new Map<string, Job>()
  const chance = (share: number): boolean => random() < share
  const turn = async (): Promise<void> => {
    for (let i = Math.floor(random() * 6); i > 0; i--) await new Promise(setImmediate)
    if (chance(0.01)) throw killed
  }
  const seen = ({ polls, ending }: Job): Answer => {
    const state = polls > 0 ? 'RUNNING' : 'DONE'
    const error = polls > 0 || ending === 'clean' ? {} : { errorResult: { reason: ending, message: '' } }
    return { kind: 'done', body: { status: { state, ...error } } }
  }
  const endings: readonly Ending[] = ['backendError', 'stopped', 'notFound', 'quotaExceeded', 'invalid']
  const accept = (id: string): Job => {
    const ending = chance(0.6) ? (endings[Math.floor(random() * endings.length)] ?? 'clean') : 'clean'
    const job: Job = { polls: Math.floor(random() * 4), ending }
    jobs.set(id, job)
    return job
  }
  /** Taken long after whoever sent it has given up waiting. */
  const later = async (id: string): Promise<void> => {
    for (let i = Math.floor(random() * 200); i > 0; i--) await new Promise(setImmediate)
    if (!jobs.has(id)) accept(id)
  }
  const calls: LoadParts['calls'] = {
    insertLoad: async (_table, _target, id) => {
      await turn()
      if (chance(0.1)) return lost
      if (chance(0.1)) {
        void later(id)
        return lost
      }
      if (chance(0.05)) return refused(403, 'rateLimitExceeded')
      if (jobs.has(id)) return chance(0.2) ? refused(400, 'invalid') : refused(409, 'duplicate')
      const job = accept(id)
      await turn()
      return chance(0.2) ? lost : seen(job)
    },
    getJob: async (_target, id) => {
      await turn()
      const job = jobs.get(id)
      if (job !== undefined) job.polls -= 1
      if (chance(0.1)) return lost
      const answer = job === undefined || chance(0.05) ? refused(404, 'notFound') : seen(job)
      await turn()
      return answer
    },
  }
  return { calls, jobs, turn }
}

test('of all the ids that loaders send at once for a chunk only one ever loads, over 3,000 orders of events', async () => {
  const target = { projectId: 'p', datasetId: 'd', tableId: 'raw_logs', location: 'US' }
  let most = 0
  for (let seed = 0; seed < 3_000; seed++) {
    const { calls, jobs, turn } = service(randomFrom(seed))
    let time = 0
    const wait = async (ms: number): Promise<void> => {
      time += ms / 100
      await turn()
    }
    const parts: LoadParts = {
      calls,
      waits: { now: () => time, random: () => 0.5, wait },
      timing: { pauseMs: 10, silenceMs: 1_000 },
      check: turn,
      keep: async () => 'aside',
    }
    const load: Load = { table: findTable('raw_logs'), target, chunkId: 'abcd-1', file: {} as Load['file'] }
    const loader = async (): Promise<void> => {
      for (let runs = 0; runs < 60; runs++)
        if (
          await loadOnce(parts, load).then(
            () => true,
            () => false,
          )
        )
          return
      throw new Error(`seed ${seed}: a loader came to no end`)
    }
    await Promise.all(Array.from({ length: 2 + (seed % 3) }, loader))
    const clean = [...jobs.values()].filter(({ ending }) => ending === 'clean')
    expect(clean.length, `seed ${seed}`).toBe(1)
    most = Math.max(most, jobs.size)
  }
  expect(most).toBeGreaterThan(5)
}, 60_000)

const answers = (insert: Answer, get: Answer) => {
  let asked = 0
  const parts: LoadParts = {
    calls: {
      insertLoad: async () => insert,
      getJob: async () => {
        asked += 1
        if (asked > 10_000) throw new Error('asked without an end')
        return get
      },
    },
    waits: { now: () => 0, random: () => 0.5, wait: async () => undefined },
    timing: { pauseMs: 1, silenceMs: 1_000 },
    check: async () => undefined,
    keep: async () => 'aside',
  }
  const target = { projectId: 'p', datasetId: 'd', tableId: 'raw_logs', location: 'US' }
  return loadOnce(parts, { table: findTable('raw_logs'), target, chunkId: 'abcd-1', file: {} as Load['file'] })
}

test('a server that has every job failed, whatever its id, is not asked without an end', async () => {
  const failed = { status: { state: 'DONE', errorResult: { reason: 'invalid', message: '' } } }
  await expect(answers(refused(409, 'duplicate'), { kind: 'done', body: failed })).rejects.toThrow(
    /BigQuery did not take/,
  )
})

test('a server that writes no error as null has loaded', async () => {
  const clean = { status: { state: 'DONE', errorResult: null } }
  await answers({ kind: 'done', body: { status: { state: 'RUNNING' } } }, { kind: 'done', body: clean })
})
