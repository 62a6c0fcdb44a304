import { expect, test } from 'vitest'
import { stages } from '../../processors/stages/index.ts'
import { tellSilence } from '../../src/cli/tell-silence.ts'
import type { Execution } from '../../src/core/job.ts'
import type { Event } from '../../src/engine/events.ts'
import { initialState } from '../../src/engine/initial-state.ts'
import { reduce } from '../../src/engine/reduce.ts'
import { createStore } from '../../src/engine/store.ts'

test('a node of which nothing is heard is said once, and once more when it is heard again', () => {
  const store = createStore(initialState({ stages, questions: [], answers: {}, now: 0, nodeCount: 3 }), reduce)
  const said: string[] = []
  const stop = tellSilence({ store }, 'raw', { now: () => 31_500, say: (line) => said.push(line) })
  const about = { stageId: 'raw', requestId: 'r1' }
  const progressed = (silentSince?: number): Event => {
    const execution: Execution = {
      id: 'e1',
      nodeId: 'aws-1',
      state: 'running',
      nodeLost: false,
      ...(silentSince === undefined ? {} : { silentSince }),
    }
    return { type: 'launch/progressed', ...about, snapshot: { jobId: 'j', state: 'running', executions: [execution] } }
  }
  const node = { id: 'aws-1', provider: 'aws', region: 'us-east-1', state: 'waiting' } as const
  store.dispatch({ type: 'launch/requested', ...about, now: 1, nodes: [node] })
  store.dispatch(progressed())
  expect(said).toEqual([])
  store.dispatch(progressed(10_000))
  store.dispatch(progressed(10_000))
  expect(said).toEqual([expect.stringMatching(/^aws-1: no news for 21 s\./)])
  store.dispatch(progressed())
  expect(said.slice(1)).toEqual(['aws-1: heard of again.'])
  stop()
  store.dispatch(progressed(20_000))
  expect(said.length).toBe(2)
})
