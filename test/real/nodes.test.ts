import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Cluster } from '../../src/cluster/cluster.ts'
import { type JobSnapshot, outcomeOf } from '../../src/core/job.ts'
import { bacalhau, containerOn, docker, nodeData, realCluster, stopJobs } from './cluster.ts'
import { type RealJob, realJob } from './job.ts'
import { openReal } from './open.ts'

const call = { signal: new AbortController().signal, deadlineMs: 60_000 }
const disk = { Type: 'localDirectory', Params: { SourcePath: '/bacalhau_data', ReadWrite: true } }

describe('the nodes of the real cluster', () => {
  let cluster: Cluster
  let close: () => Promise<void>
  beforeEach(async () => {
    const opened = await openReal()
    cluster = opened.cluster
    close = opened.close
  })
  afterEach(async () => {
    await stopJobs()
    await close()
  })

  const run = async (job: RealJob, onSnapshot: (snapshot: JobSnapshot) => Promise<void>): Promise<void> => {
    const sent = await cluster.submit(realJob(job), call)
    for await (const snapshot of cluster.watch(sent, call)) await onSnapshot(snapshot)
  }

  test('run the release that the CLI is of', async () => {
    const { clientVersion, serverVersion } = JSON.parse(await bacalhau(['version', '--output', 'json'])) as Readonly<
      Record<string, { readonly GitVersion: string }>
    >
    expect(clientVersion?.GitVersion).toBe('v1.9.3')
    expect(serverVersion?.GitVersion).toBe('v1.9.3')
  })

  test('have a disk each, at one path', async () => {
    const code = `fs.writeFileSync('/data/proof-' + os.hostname(), process.env.BACALHAU_EXECUTION_ID)`
    let end: JobSnapshot | undefined
    await run({ code, task: { InputSources: [{ Target: '/data', Source: disk }] } }, async (snapshot) => {
      end = snapshot
    })
    for (const node of realCluster().nodes) {
      const proofs = readdirSync(nodeData(node)).filter((name) => name.startsWith('proof-'))
      expect(proofs.length).toBe(1)
      const path = join(nodeData(node), proofs[0] ?? '')
      expect(readFileSync(path, 'utf8')).toBe(end?.executions.find(({ nodeId }) => nodeId === node)?.id)
      rmSync(path)
    }
    expect(
      existsSync('/bacalhau_data') ? readdirSync('/bacalhau_data').filter((n) => n.startsWith('proof-')) : [],
    ).toEqual([])
  })

  test('tell a container that was killed by its exit code', async () => {
    let killed = false
    let end: JobSnapshot | undefined
    await run({ code: 'setTimeout(() => {}, 8_000)' }, async (snapshot) => {
      end = snapshot
      if (killed) return
      killed = true
      await docker('gcp-1', ['kill', await containerOn('gcp-1')])
    })
    expect(end?.state).toBe('completed')
    const execution = end?.executions.find(({ nodeId }) => nodeId === 'gcp-1')
    expect(execution).toMatchObject({ state: 'completed', exitCode: 137 })
    expect(end && outcomeOf(execution, end)).toMatchObject({ state: 'failed', reason: expect.stringContaining('137') })
  })
})
