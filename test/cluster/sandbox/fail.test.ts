import { describe, expect, test, vi } from 'vitest'
import { failNode, healNode } from '../../../src/cluster/sandbox/fail.ts'
import { type JobSnapshot, outcomeOf } from '../../../src/core/job.ts'
import { call, nodeDir, run, tiny } from './harness.ts'
import { tinyRequest } from './open-tiny.ts'

describe('a node that is told to fail', () => {
  test.each([
    [{ kind: 'exit', code: 7, reason: 'disk full' }, { state: 'completed', exitCode: 7 }, 'exit code 7: disk full'],
    [{ kind: 'killed' }, { state: 'completed', exitCode: 137 }, 'ended with exit code 137'],
    [{ kind: 'memory' }, { state: 'failed' }, 'memory limit exceeded'],
    [
      { kind: 'mount' },
      { state: 'failed' },
      'calculating resource usage of job: volume /bacalhau_data is not allowlisted',
    ],
    [{ kind: 'refused', reason: 'busy' }, { state: 'rejected' }, 'rejected bid: busy'],
  ] as const)('with %o', async (failure, execution, reason) => {
    const { cluster, stateDir } = await tiny()
    await failNode(nodeDir(stateDir, 'gcp-1'), failure)
    const request = tinyRequest()
    const end = await run(cluster, request)
    const failed = end.executions.find(({ nodeId }) => nodeId === 'gcp-1')
    expect(failed).toMatchObject(execution)
    expect(failed).not.toHaveProperty('report')
    expect(outcomeOf(failed, end)).toEqual({ state: 'failed', reason })
    expect(end.executions.filter((one) => outcomeOf(one, end).state === 'done').length).toBe(2)
    await healNode(nodeDir(stateDir, 'gcp-1'))
    const healed = await run(cluster, tinyRequest())
    expect(healed.executions.every((one) => outcomeOf(one, healed).state === 'done')).toBe(true)
  })

  test('that is lost while it works keeps its execution open until it is back', async () => {
    const { cluster, stateDir } = await tiny()
    const dir = nodeDir(stateDir, 'aws-1')
    const request = tinyRequest({ nodes: ['aws-1'], parameters: ['--do', 'wait'] })
    const job = await cluster.submit(request, call)
    let lost: JobSnapshot | undefined
    for await (const snapshot of cluster.watch(job, call)) {
      if (snapshot.executions[0]?.progress !== undefined) await failNode(dir, { kind: 'lost', when: 'now' })
      lost = snapshot
    }
    expect(lost?.executions[0]).toMatchObject({ state: 'running', nodeLost: true })
    await healNode(dir)
    await vi.waitFor(async () => {
      for await (const snapshot of cluster.watch(job, call))
        expect(snapshot.executions[0]).toMatchObject({ state: 'failed', message: 'Failing due to node restart' })
    })
  })

  test('to be slow starts late, and may be stopped meanwhile', async () => {
    const { cluster, stateDir } = await tiny()
    await failNode(nodeDir(stateDir, 'aws-1'), { kind: 'slow', delay_ms: 60_000 })
    const job = await cluster.submit(tinyRequest({ nodes: ['aws-1'] }), call)
    const states: string[] = []
    for await (const { executions, state } of cluster.watch(job, call)) {
      states.push(state)
      if (executions[0]?.state === 'running') await cluster.stop(job.jobId, call)
    }
    expect(states.at(-1)).toBe('stopped')
  })

  test('does so in a new sandbox as well, as if nothing had happened', async () => {
    const { cluster, stateDir, reopen } = await tiny()
    await failNode(nodeDir(stateDir, 'aws-1'), { kind: 'lost' })
    await failNode(nodeDir(stateDir, 'gcp-1'), { kind: 'exit', code: 9 })
    const first = await run(cluster, tinyRequest())
    expect(first.executions.map(({ nodeLost }) => nodeLost)).toEqual([true, false, false])
    await cluster.close()
    const again = await reopen({ fresh: true })
    const nodes = await again.nodes(call)
    expect(nodes.filter(({ state }) => state === 'lost')).toEqual([])
    const second = await run(again, tinyRequest())
    expect(second.executions.map(({ nodeLost }) => nodeLost)).toEqual([true, false, false])
    expect(second.executions[1]?.exitCode).toBe(9)
    await again.close()
  })
})
