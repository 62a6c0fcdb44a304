import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { decodeExecutions, decodeJob } from '../../../src/cluster/bacalhau/executions.ts'
import { decodeNodes } from '../../../src/cluster/bacalhau/nodes.ts'
import { AppError } from '../../../src/core/errors.ts'
import { outcomeOf } from '../../../src/core/job.ts'

const recorded = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/bacalhau/${name}.stdout`, import.meta.url)), 'utf8')

const allNodes = new Set(['aws-1', 'gcp-1', 'azure-1'])
const executions = (stdout: string, connected: ReadonlySet<string> = allNodes) =>
  decodeExecutions(stdout, connected).map(({ execution }) => execution)

const describedExecutions = (name: string): string => JSON.stringify(JSON.parse(recorded(name)).Executions.Items)

describe('executions as recorded', () => {
  test.each([
    ['exit3', 3, 'completed', 3, 'exit code 3: broken', 'failed'],
    ['oom', 1, 'failed', undefined, 'memory limit exceeded', 'failed'],
    [
      'forbidden-mount',
      3,
      'failed',
      undefined,
      'calculating resource usage of job: volume /etc is not allowlisted',
      'failed',
    ],
    ['timeout', 3, 'failed', undefined, 'Execution timed out after 3s', 'failed'],
    ['stopped', 3, 'cancelled', undefined, 'Execution stop requested because job has been stopped', 'stopped'],
    ['running', 3, 'running', undefined, undefined, 'running'],
    ['job-executions-completed', 3, 'completed', 0, undefined, 'failed'],
    ['out5k', 1, 'completed', 0, undefined, 'failed'],
  ] as const)('%s', (name, count, state, exitCode, message, outcome) => {
    const all = executions(recorded(name.startsWith('job-') ? name : `${name}-executions`))
    expect(all.length).toBe(count)
    for (const execution of all) {
      expect(execution.state).toBe(state)
      expect(execution.exitCode).toBe(exitCode)
      expect(execution.message).toBe(message)
      expect(execution.nodeLost).toBe(false)
      expect(execution.report).toBeUndefined()
      expect(outcomeOf(execution, { jobId: 'j', state: 'completed', executions: all }).state).toBe(outcome)
      expect(execution.endedAt === undefined).toBe(state === 'running')
      expect(new Date(execution.startedAt ?? 0).toISOString()).toMatch(/^2026-11-23T23:/)
    }
  })

  test('a node that was not prepared is told as that, not by the last line of a stack', () => {
    const all = executions(recorded('unprepared-executions'))
    expect(all.map(({ nodeId, message }) => [nodeId, message])).toEqual([
      ['aws-1', undefined],
      ['azure-1', undefined],
      [
        'gcp-1',
        'exit code 1: this node was not prepared for this version of bbq: its processor 133aba0f79d1518d is not there',
      ],
    ])
    expect(all[0]?.report).toMatchObject({ node: 'aws-1', stage: 'structured' })
  })

  test('a job without nodes has none', () => {
    expect(executions(recorded('no-nodes-executions'))).toEqual([])
    expect(executions('null\n')).toEqual([])
  })

  test('refused bids carry the reason', () => {
    const all = executions(recorded('env-refused-executions'))
    expect(all.map(({ state }) => state)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(all[0]?.message).toContain("environment variable 'HOME' is not in allowed patterns")
  })

  test('a missing image is a failure in the words of Docker', () => {
    for (const { state, message } of executions(recorded('missing-image-executions'))) {
      expect(state).toBe('failed')
      expect(message).toContain('no such host')
    }
  })

  test('an execution is lost while it is open and its node is away, and failed once the node is back', () => {
    const stdout = describedExecutions('lost-node-running-describe')
    const lost = executions(stdout, new Set(['aws-1', 'gcp-1'])).filter(({ nodeLost }) => nodeLost)
    expect(lost.map(({ nodeId, state }) => [nodeId, state])).toEqual([['azure-1', 'running']])
    const back = executions(describedExecutions('node-rejoined-running-describe'))
    expect(back.find(({ nodeId }) => nodeId === 'azure-1')).toMatchObject({
      state: 'failed',
      message: 'Failing due to node restart',
      nodeLost: false,
    })
    expect(back.filter(({ state }) => state === 'running').length).toBe(2)
  })

  test('the report and the progress are read where a processor printed them', () => {
    const report = {
      node: 'aws-1',
      stage: 'raw',
      epoch: 'abcd',
      lines_read: 2,
      lines_parsed: 2,
      lines_rejected: 0,
      lines_blank: 0,
      rows: { raw_logs: 2 },
      masked: 0,
      full_addresses: 2,
      bytes_read: 20,
      bytes_sent: 9,
      chunks: 1,
      ms: 5,
    }
    const progress = { type: 'progress', bytes_read: 20, bytes_total: 20, lines_read: 2, rows: {} }
    const [first] = JSON.parse(recorded('job-executions-completed'))
    first.RunOutput.Stdout = `${JSON.stringify(report)}\n`
    first.RunOutput.stderr = `${JSON.stringify(progress)}\n`
    const [execution] = executions(JSON.stringify([first]))
    expect(execution?.report).toMatchObject(report)
    expect(execution?.progress).toEqual(progress)
    first.ComputeState.StateType = 11
    expect(executions(JSON.stringify([first]))[0]).not.toHaveProperty('report')
  })

  test('states may be names', () => {
    const all = JSON.parse(recorded('exit3-executions'))
    for (const one of all) one.ComputeState.StateType = 'Completed'
    expect(executions(JSON.stringify(all))[0]).toMatchObject({ state: 'completed', exitCode: 3 })
    for (const one of all) {
      one.ComputeState.StateType = 1
      one.DesiredState.StateType = 0
      one.RunOutput = null
    }
    expect(executions(JSON.stringify(all))[0]).toMatchObject({ state: 'pending' })
  })
})

describe('jobs as recorded', () => {
  test.each([
    ['exit3-describe', 'completed', undefined],
    ['env-refused-describe', 'completed', undefined],
    ['oom-describe', 'failed', 'Job failed because one or more executions failed'],
    ['timeout-describe', 'failed', 'Job timed out. Job took longer than 3s'],
    ['stopped-describe', 'stopped', 'Stopped at user request'],
    ['running-describe', 'running', undefined],
    ['lost-node-running-describe', 'running', undefined],
  ] as const)('%s is %s', (name, state, message) => {
    expect(decodeJob(recorded(name))).toEqual(message === undefined ? { state } : { state, message })
  })

  test('no node to run on is told with each node and its labels', () => {
    expect(decodeJob(recorded('no-nodes-describe')).message).toMatch(/not matching nodes[\s\S]*Node azure-1/)
    expect(decodeJob(recorded('too-big-describe')).message).toContain('node busy')
  })
})

describe('nodes as recorded', () => {
  test('the orchestrator is none of them', () => {
    const nodes = decodeNodes(recorded('node-list'))
    expect(nodes.map(({ id, provider, region, state }) => [id, provider, region, state])).toEqual([
      ['aws-1', 'aws', 'us-east-1', 'connected'],
      ['azure-1', 'azure', 'eastus', 'connected'],
      ['gcp-1', 'gcp', 'us-central1', 'connected'],
    ])
    expect(nodes[0]).toMatchObject({ cpu: 0.5, memoryBytes: 6319128576, labels: { name: 'aws-1', os_arch: 'amd64' } })
    expect(nodes[0]).not.toHaveProperty('lostSince')
  })

  test('a dead one is lost since its last heartbeat', () => {
    const lost = decodeNodes(recorded('node-list-disconnected')).filter(({ state }) => state === 'lost')
    expect(lost.map(({ id, lostSince }) => [id, lostSince])).toEqual([
      ['azure-1', Date.parse('2026-11-23T23:22:48.359Z')],
    ])
  })

  test('one that is not approved is left out', () => {
    const all = JSON.parse(recorded('node-list'))
    all[0].Membership = 'PENDING'
    expect(decodeNodes(JSON.stringify(all)).map(({ id }) => id)).toEqual(['azure-1', 'gcp-1'])
  })
})

describe('what is around the JSON', () => {
  test('log lines before it and a trailer behind it are passed over', () => {
    const list = recorded('node-list')
    expect(decodeNodes(`12:00 | INF Initializing repo\n{broken\n${list}`).length).toBe(3)
    expect(decodeNodes(`${list}\nTo fetch more records use:\n\tbacalhau node list --next-token x\n`).length).toBe(3)
  })

  test('what is no JSON ends in an error that shows it', () => {
    const fails = (stdout: string): AppError => {
      try {
        decodeNodes(stdout)
      } catch (thrown) {
        if (thrown instanceof AppError) return thrown
      }
      throw new Error('was understood')
    }
    expect(fails('<html>502 Bad Gateway</html>').why).toContain('502 Bad Gateway')
    expect(fails('\n').why).toBe('It was empty.')
    expect(fails('[{"Info": 7}]').why).toMatch(/^0\.Info: /)
    expect(fails('[{"Info": 7}]').next.length).toBe(1)
  })
})
