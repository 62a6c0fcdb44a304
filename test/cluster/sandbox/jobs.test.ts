import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { failNode } from '../../../src/cluster/sandbox/fail.ts'
import { outcomeOf } from '../../../src/core/job.ts'
import { call, failureOf, nodeDir, run, tiny } from './harness.ts'
import { tinyRequest } from './open-tiny.ts'

describe('a job of the sandbox', () => {
  test('runs the processor on each node and reads its report and progress', async () => {
    const { cluster } = await tiny()
    const request = tinyRequest()
    const end = await run(cluster, request)
    expect(end.executions.map(({ report }) => report?.node)).toEqual(['aws-1', 'gcp-1', 'azure-1'])
    for (const execution of end.executions) {
      expect(outcomeOf(execution, end)).toEqual({ state: 'done' })
      expect(execution.progress).toMatchObject({ bytes_read: 4, bytes_total: 9 })
    }
  })

  test('takes every connected node, and none that is lost', async () => {
    const { cluster, stateDir } = await tiny({ parallel: 4 })
    await failNode(nodeDir(stateDir, 'azure-6'), { kind: 'lost', when: 'now' })
    const request = tinyRequest()
    const end = await run(cluster, {
      ...request,
      spec: request.spec.replace(/"Constraints": \[[\s\S]*?\n {2}\]/, '"Constraints": []'),
    })
    expect(end.executions.length).toBe(20)
    expect(end.state).toBe('completed')
    expect(end.executions.some(({ nodeId }) => nodeId === 'azure-6')).toBe(false)
    expect(outcomeOf(undefined, end).state).toBe('skipped')
  })

  test('runs no more programs at once than there are places', async () => {
    const { cluster, stateDir } = await tiny({ parallel: 1 })
    let most = 0
    const end = await run(cluster, tinyRequest({ parameters: ['--do', 'wait'] }), async ({ executions }) => {
      const running = executions.filter(({ state }) => state === 'running')
      most = Math.max(most, running.length)
      for (const { nodeId } of running) await writeFile(join(nodeDir(stateDir, nodeId), 'go'), '')
    })
    expect(most).toBe(1)
    expect(end.executions.map(({ state }) => state)).toEqual(['completed', 'completed', 'completed'])
  })

  test('keeps 2,048 bytes of stdout, so that a report behind them is missing', async () => {
    const { cluster } = await tiny()
    const end = await run(cluster, tinyRequest({ nodes: ['aws-1'], parameters: ['--do', 'flood'] }))
    expect(end.executions[0]).toMatchObject({ state: 'completed', exitCode: 0 })
    expect(end.executions[0]).not.toHaveProperty('report')
  })

  test('shows lines that run again as they are, and the one for a cluster', async () => {
    const { cluster, stateDir } = await tiny()
    const request = tinyRequest({ task: { Env: { WORD: "it's here", API_TOKEN: 'hidden-value' } } })
    const job = await cluster.submit(request, call)
    for await (const _ of cluster.watch(job, call));
    const { stdout } = await promisify(execFile)('sh', ['-c', job.command])
    const reports = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).node)
    expect(reports).toEqual(['aws-1', 'gcp-1', 'azure-1'])
    const script = await readFile(join(stateDir, 'sandbox', `${request.name}.sh`), 'utf8')
    expect(script).toContain(`WORD='it'\\''s here' API_TOKEN="$API_TOKEN" nice -n 10 `)
    expect(script).not.toContain('hidden-value')
    const path = join(stateDir, 'jobs', `${request.name}.yaml`)
    expect(job.clusterCommand).toBe(`bacalhau job run --wait=false --id-only --no-template < ${path}`)
    expect(await readFile(path, 'utf8')).toBe(request.spec.replace(request.name, `${request.name}-by-hand`))
  })

  test.each([
    [{ Type: 'batch' }, /ops jobs only/],
    [{ Tasks: [] }, /must hold one task/],
    [{ Name: 'a/b' }, /must be letters/],
  ] as const)('is refused with %o', async (change, why) => {
    const { cluster } = await tiny()
    const request = tinyRequest()
    const error = await failureOf(
      cluster.submit({ ...request, spec: JSON.stringify({ ...JSON.parse(request.spec), ...change }) }, call),
    )
    expect(error.kind).toBe('usage')
    expect(error.why).toMatch(why)
  })

  test('needs a name of its own', async () => {
    const { cluster } = await tiny()
    const request = tinyRequest()
    await cluster.submit(request, call)
    expect((await failureOf(cluster.submit(request, call))).why).toContain('new version')
  })

  test('ends at its time limit', async () => {
    const { cluster } = await tiny()
    const end = await run(
      cluster,
      tinyRequest({ nodes: ['aws-1'], parameters: ['--do', 'wait'], task: { Timeouts: { TotalTimeout: 0.5 } } }),
    )
    expect(end).toMatchObject({ state: 'failed', message: 'Job timed out. Job took longer than 0.5s' })
    expect(end.executions[0]).toMatchObject({ state: 'failed', message: 'Execution timed out after 0.5s' })
  })

  test('fails where a program or a folder is missing, or a variable is not to be had', async () => {
    const { cluster } = await tiny()
    const mount = { Target: '/wh', Source: { Type: 'local', Params: { SourcePath: '/no/such/folder' } } }
    const missing = await run(cluster, tinyRequest({ nodes: ['aws-1'], task: { InputSources: [mount] } }))
    expect(missing.executions[0]?.message).toContain('volume /no/such/folder does not exist')
    const program = await run(cluster, tinyRequest({ nodes: ['aws-1'], entrypoint: ['/no/such/program'] }))
    expect(program.executions[0]).toMatchObject({ state: 'failed' })
    expect(program.executions[0]?.message).toMatch(/^failed to start container: .*no\/such\/program/)
    const variable = await run(cluster, tinyRequest({ nodes: ['aws-1'], task: { Env: { X: 'env:HOME' } } }))
    expect(variable.executions[0]).toMatchObject({ state: 'rejected' })
    expect(variable.state).toBe('completed')
  })

  test('is forgotten when those after it have printed much', async () => {
    const { cluster } = await tiny()
    const printing = 'head -c 12000000 /dev/zero | tr "\\0" x | fold -w 100000'
    const ended = []
    for (let i = 0; i < 5; i++)
      ended.push(await run(cluster, tinyRequest({ nodes: ['aws-1'], entrypoint: ['sh', '-c', printing] })))
    const told = await Promise.all(
      ended.map(async ({ jobId, executions: [execution] }) => {
        const lines = await cluster.logs({ jobId, executionId: execution?.id ?? '' }, call).catch(() => [])
        return lines.reduce((sum, { length }) => sum + length, 0)
      }),
    )
    expect(told).toEqual([0, 0, 12_000_000, 12_000_000, 12_000_000])
  })

  test('unknown is said to be so', async () => {
    const { cluster } = await tiny()
    expect((await failureOf(cluster.stop('j-none', call))).what).toBe('job not found: j-none')
  })
})
