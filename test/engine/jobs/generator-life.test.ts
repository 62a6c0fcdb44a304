import { describe, expect, test } from 'vitest'
import type { Cluster, SubmittedJob } from '../../../src/cluster/cluster.ts'
import type { Execution, ExecutionState } from '../../../src/core/job.ts'
import { watchGenerator } from '../../../src/engine/jobs/generator-life.ts'
import { fakeCluster } from '../../fakes/cluster.ts'

const job: SubmittedJob = { jobId: 'j-1', nodes: ['aws-1', 'gcp-1'], command: 'bacalhau job run', submittedAt: 0 }

interface Told extends Partial<Execution> {
  readonly lines?: readonly string[]
}

const growing = (node: string): readonly string[] => [JSON.stringify({ type: 'growing', node, filled: 7, rate: 1 })]

const on = (
  nodeId: string,
  state: ExecutionState,
  more: Told = {},
): Told & Pick<Execution, 'id' | 'nodeId' | 'state'> => ({
  id: `${nodeId}/${state}`,
  nodeId,
  state,
  ...more,
})

/** A daemon whose executions are these at the first look, the second, and so on; its job says Running for ever. */
const daemon = (...looks: readonly (readonly ReturnType<typeof on>[])[]) => {
  let look = -1
  const at = () => looks[Math.min(look, looks.length - 1)] ?? []
  const cluster: Cluster = {
    ...fakeCluster(),
    async *watch() {
      look += 1
      const executions = at().map(({ lines: _, ...one }) => ({ nodeLost: false, ...one }))
      yield { jobId: job.jobId, state: 'running', executions }
    },
    async logs({ executionId }) {
      const lines = at().find(({ id }) => id === executionId)?.lines
      if (lines === undefined) throw new Error('the log does not come')
      return lines
    },
  }
  return cluster
}

const outcome = async (cluster: Cluster) => {
  let now = 0
  const pause = async (ms: number): Promise<void> => {
    now += ms
  }
  const call = { signal: new AbortController().signal, deadlineMs: 10_000 }
  const nodes = await watchGenerator({ cluster, job, pause, clock: () => now }, call)
  return { nodes, now }
}

describe('the generator on the nodes', () => {
  test('lives where its container said that the log grows', async () => {
    const { nodes, now } = await outcome(
      daemon(
        [on('aws-1', 'running')],
        [on('aws-1', 'running', { lines: [] }), on('gcp-1', 'running', { lines: growing('gcp-1') })],
        [on('aws-1', 'running', { lines: growing('aws-1') }), on('gcp-1', 'running')],
      ),
    )
    expect(nodes).toEqual([
      { id: 'aws-1', state: 'growing', filled: 7 },
      { id: 'gcp-1', state: 'growing', filled: 7 },
    ])
    expect(now).toBeLessThan(10_000)
  })

  test('is dead where the second container ended, though the job says Running', async () => {
    const lines = ['This node does not know its name: node.json is missing.', 'Prepare the node.']
    const first = on('aws-1', 'failed', { id: 'one', lines, message: 'execution completed unexpectedly' })
    const { nodes, now } = await outcome(
      daemon(
        [first, on('gcp-1', 'running', { lines: growing('gcp-1') })],
        [first, on('aws-1', 'failed', { id: 'two', lines }), on('gcp-1', 'running', { lines: growing('gcp-1') })],
      ),
    )
    expect(nodes[0]).toEqual({ id: 'aws-1', state: 'dead', reason: lines[0] })
    expect(nodes[1]?.state).toBe('growing')
    expect(now).toBeLessThan(10_000)
  })

  test('lives where the container was started again', async () => {
    const ended = on('aws-1', 'failed', { lines: [] })
    const { nodes } = await outcome(
      daemon(
        [ended, on('gcp-1', 'running', { lines: growing('gcp-1') })],
        [ended, on('aws-1', 'running', { lines: growing('aws-1') })],
      ),
    )
    expect(nodes.map(({ state }) => state)).toEqual(['growing', 'growing'])
  })

  test('is dead where it was refused, where its program is not there, and lost where its node is', async () => {
    const stack = ["Error: Cannot find module '/var/log/app/.bbq/runtime/abc/run.mjs'", 'Node.js v24.0.0']
    const { nodes } = await outcome(
      daemon([on('aws-1', 'rejected', { message: 'not allowlisted' }), on('gcp-1', 'running', { nodeLost: true })]),
    )
    expect(nodes).toEqual([
      { id: 'aws-1', state: 'dead', reason: 'not allowlisted' },
      { id: 'gcp-1', state: 'lost', reason: 'no news since its last heartbeat' },
    ])
    const twice = (node: string) => ['a', 'b'].map((id) => on(node, 'failed', { id: node + id, lines: stack }))
    const unprepared = await outcome(daemon([...twice('aws-1'), ...twice('gcp-1')]))
    expect(unprepared.nodes[1]?.reason).toBe('this node was not prepared for this version of bbq')
  })

  test('is dead at once where its job failed before any node had it', async () => {
    const failed: Cluster = {
      ...daemon([]),
      async *watch() {
        yield { jobId: job.jobId, state: 'failed', message: 'no node has 0.1 CPU to offer', executions: [] }
      },
    }
    const { nodes, now } = await outcome(failed)
    expect(nodes[1]).toEqual({ id: 'gcp-1', state: 'dead', reason: 'no node has 0.1 CPU to offer' })
    expect(now).toBe(0)
  })

  test('has until the deadline to say so', async () => {
    const { nodes, now } = await outcome(daemon([on('aws-1', 'running')]))
    expect(nodes.map(({ state }) => state)).toEqual(['starting', 'starting'])
    expect(nodes[0]?.reason).toContain('not said yet')
    expect(nodes[1]?.reason).toContain('left out')
    expect(now).toBe(10_000)
  })
})
