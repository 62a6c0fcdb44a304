import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import type { Cluster } from '../../../src/cluster/cluster.ts'
import { call, tiny } from './harness.ts'
import { tinyRequest } from './open-tiny.ts'

describe('the programs of a job', () => {
  test('are nicer than the one that draws', async () => {
    const { cluster } = await tiny()
    const job = await cluster.submit(tinyRequest({ nodes: ['aws-1'] }), call)
    const ids: string[] = []
    for await (const { executions } of cluster.watch(job, call)) ids.splice(0, 1, executions[0]?.id ?? '')
    const lines = await cluster.logs({ jobId: job.jobId, executionId: ids[0] ?? '' }, call)
    expect(lines).toContain(`niceness ${Math.min(19, getPriority() + 10)}`)
  })

  const alive = (pid: number): boolean => {
    try {
      process.kill(pid, 0)
      return true
    } catch {
      return false
    }
  }
  const pidsOn = async (cluster: Cluster, jobId: string, executionIds: readonly string[]): Promise<readonly number[]> =>
    (await Promise.all(executionIds.map((executionId) => cluster.logs({ jobId, executionId }, call))))
      .flat()
      .flatMap((line) => (line.startsWith('pid ') ? [Number(line.slice(4))] : []))

  test('die when the sandbox is closed, also those that ignore SIGTERM', async () => {
    const { cluster } = await tiny()
    const stubborn = ['sh', '-c', 'trap "" TERM; echo "pid $$"; while :; do sleep 0.1; done']
    const job = await cluster.submit(tinyRequest({ nodes: ['aws-1'], entrypoint: stubborn }), call)
    const pids = await vi.waitFor(async () => {
      const ids: string[] = []
      for await (const { executions } of cluster.watch(job, call)) {
        ids.push(...executions.map(({ id }) => id))
        break
      }
      const found = await pidsOn(cluster, job.jobId, ids)
      expect(found.length).toBe(1)
      return found
    })
    expect(pids.every(alive)).toBe(true)
    await cluster.close()
    expect(pids.some(alive)).toBe(false)
  })

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'die, and so does the generator, when their parent dies of %s',
    async (signal) => {
      const stateDir = await mkdtemp(join(tmpdir(), 'bbq-parent-'))
      const program = fileURLToPath(new URL('../programs/hold-sandbox.ts', import.meta.url))
      const parent = spawn(process.execPath, [program, stateDir], { stdio: ['ignore', 'pipe', 'inherit'] })
      try {
        const pids: readonly number[] = JSON.parse(
          await new Promise<string>((resolve, reject) => {
            createInterface({ input: parent.stdout }).once('line', resolve)
            parent.once('exit', (code) => reject(new Error(`it ended with ${code} before its jobs ran`)))
          }),
        )
        expect(pids.length).toBeGreaterThan(2)
        expect(pids.every(alive)).toBe(true)
        parent.kill(signal)
        await vi.waitFor(() => expect(pids.filter(alive)).toEqual([]), { timeout: 10_000 })
      } finally {
        parent.kill('SIGKILL')
        await rm(stateDir, { recursive: true, force: true })
      }
    },
  )
})
