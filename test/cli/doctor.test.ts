import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Fault } from '../../src/cli/doctor-check.ts'
import {
  type Asked,
  describeAnswers,
  describeClock,
  describeImage,
  describeLogs,
  describeMounts,
  describeNodes,
  describePrepared,
} from '../../src/cli/doctor-nodes.ts'
import { resolveConfig } from '../../src/config/config.ts'
import { configSchema } from '../../src/config/schema.ts'
import type { ClusterNode } from '../../src/core/node.ts'
import type { NodeReadiness } from '../../src/engine/prepare/readiness.ts'
import { bbq, freshFolder } from './bbq.ts'

interface Doctor {
  readonly ok: boolean
  readonly checks: readonly {
    readonly id: string
    readonly ok: boolean
    readonly detail: string | null
    readonly problem: { readonly what: string; readonly why: string | null; readonly next: readonly string[] } | null
  }[]
}

const bin = fileURLToPath(new URL('../fixtures/bin', import.meta.url))

const recordings = {
  'version --client': ['version-client'],
  'agent version': ['agent-version'],
  'job run': ['dry-run-allowed'],
  'node list': ['node-list'],
}

/** Runs doctor with a CLI on the PATH that replays recordings. */
const doctor = async (
  cases: Readonly<Record<string, readonly string[]>> = {},
  env = {},
  args: readonly string[] = ['--warehouse-node-path', '/shared'],
) => {
  const folder = freshFolder()
  const made = await bbq(folder, ['doctor', '--json', '--cluster-api', '203.0.113.7:1234', ...args], {
    PATH: `${bin}${delimiter}${process.env['PATH']}`,
    FAKE_NODE: process.execPath,
    FAKE_BACALHAU_DIR: mkdtempSync(join(tmpdir(), 'bbq-doctor-')),
    FAKE_BACALHAU_CASES: JSON.stringify({ ...recordings, ...cases }),
    ...env,
  })
  const { ok, checks } = JSON.parse(made.stdout) as Doctor
  const of = (id: string) => checks.find((check) => check.id === id) ?? expect.fail(`no check ${id}`)
  return { ...made, ok, checks, of }
}

describe('doctor on a cluster', () => {
  test('goes from the CLI to the nodes, in order', async () => {
    const { checks, of } = await doctor({}, { BACALHAU_API_KEY: 'key-0123456789abcdef' })
    expect(checks.map(({ id }) => id)).toEqual([
      ...['node', 'parts', 'config', 'state'],
      ...['cli', 'network', 'access', 'nodes', 'job', 'mounts', 'image', 'prepared', 'clock', 'logs'],
      ...['warehouse', 'folder'],
    ])
    expect(of('cli').detail).toBe('bacalhau v1.9.3')
    expect(of('network').detail).toMatch(/^http:\/\/203\.0\.113\.7:1234 answers in \d+ ms, Bacalhau v1\.9\.3$/)
    expect(of('access').detail).toBe('API key, may send jobs')
    expect(of('nodes').detail).toBe('3 of 3 connected')
  })

  test('an API that is down says how to get a cluster, and what was not looked at', async () => {
    const { code, of } = await doctor({ 'agent version': ['api-unreachable'] })
    expect(code).toBe(3)
    expect(of('network').problem?.next.join(' ')).toMatch(/docs\.bacalhau\.org.*cloud\.expanso\.io.*cluster -- up/)
    expect(of('folder')).toMatchObject({ ok: false, detail: 'not checked: Network first', problem: null })
  })

  test('a CLI that is missing says so, and how to get a cluster', async () => {
    const { of } = await doctor({}, { PATH: '/nowhere' })
    expect(of('cli').problem?.what).toBe('The program bacalhau was not found.')
    expect(of('cli').problem?.next.join(' ')).toMatch(/docs\.bacalhau\.org.*cloud\.expanso\.io.*cluster -- up/)
    expect(of('network').detail).toBe('not checked: CLI first')
  })

  test('a read-only key is told before a job fails', async () => {
    const { code, of } = await doctor({ 'job run': ['dry-run-readonly'] }, { BACALHAU_API_KEY: 'key-0123456789abcdef' })
    expect(code).toBe(4)
    expect(of('access').problem).toMatchObject({
      what: expect.stringContaining('does not allow this'),
      why: 'Request Forbidden',
    })
    expect(of('access').problem?.next.join(' ')).toContain('read-only')
  })

  test('credentials that do not go together are no fault of the CLI, and need no cluster', async () => {
    const { code, of } = await doctor({}, { BACALHAU_API_USERNAME: 'demo' })
    expect(code).toBe(2)
    expect(of('cli').ok).toBe(true)
    expect(of('network').problem).toMatchObject({
      what: 'The user demo has no password.',
      next: [expect.stringContaining('BACALHAU_API_PASSWORD')],
    })
  })

  test('a config that cannot run does not stop the look at the cluster', async () => {
    const { of } = await doctor({}, {}, [])
    expect(of('config').problem?.what).toContain('warehouse.node_path')
    expect(of('nodes').ok).toBe(true)
    expect(of('warehouse').detail).toBe('not checked: Config first')
  })
})

const config = resolveConfig(configSchema.parse({ cluster: { api: 'orch' } }), { stateDir: '.bbq', origins: {} })

const ready = (id: string, more: Partial<NodeReadiness> = {}): NodeReadiness => ({
  id,
  state: 'ready',
  clockOffsetMs: 0,
  found: {
    type: 'inspection',
    node: null,
    nonce: null,
    public_key: null,
    program: true,
    duckdb: true,
    credentials: null,
    log: { files: 1, bytes: 1_000_000 },
    platform: 'linux-x64',
    node_version: 'v24.21.0',
    now: 0,
  },
  ...more,
})

const asked = (...nodes: readonly NodeReadiness[]): Asked => ({ config, nodes })
const unknown = (id: string, reason: string): NodeReadiness => ({ id, state: 'unknown', reason })
const faultIn = (verdict: string | Fault) =>
  typeof verdict === 'string' ? expect.fail(`found nothing wrong: ${verdict}`) : verdict.fault

describe('what a small job on every node tells', () => {
  test('in few words where all is well', () => {
    const all = asked(ready('aws-1'), ready('gcp-1', { clockOffsetMs: 900 }))
    const said = [describeAnswers, describeMounts, describeImage, describePrepared, describeClock, describeLogs]
    expect(said.map((describe) => describe(all))).toEqual([
      'sent to 2 nodes',
      '/bacalhau_data on 2 of 2',
      'node:24-bookworm-slim on 2 of 2, Node 24.21.0',
      '2 of 2 nodes',
      'within a second',
      'access.log on 2 of 2, 2.0 MB',
    ])
  })

  test('each fault under the check that it belongs to, with the nodes and the next step', () => {
    const all = asked(
      ready('aws-1'),
      unknown('aws-2', 'calculating resource usage of job: volume /bacalhau_data is not allowlisted'),
      unknown('gcp-1', 'Error response from daemon: Get "https://registry-1.docker.io/v2/": no such host'),
      unknown('gcp-2', 'left out: the node was busy or not connected'),
      ready('azure-1', { state: 'unprepared', reason: "it lacks DuckDB's library" }),
      ready('azure-2', { clockOffsetMs: -3_600_000 }),
    )
    expect(faultIn(describeAnswers(all))).toMatchObject({ what: 'A small job did not run on 1 of 6: gcp-2.' })
    expect(faultIn(describeMounts(all)).what).toBe('/bacalhau_data cannot be mounted on 1 of 6: aws-2.')
    expect(faultIn(describeMounts(all)).next.join()).toContain('AllowListedLocalPaths')
    expect(faultIn(describeImage(all)).what).toBe('node:24-bookworm-slim does not run on 1 of 6: gcp-1.')
    expect(faultIn(describePrepared(all)).what).toBe('1 of 3 nodes not prepared: azure-1.')
    expect(faultIn(describePrepared(all)).next).toEqual(['Prepare the nodes: bbq nodes prepare'])
    expect(faultIn(describeClock(all))).toMatchObject({ what: 'The clock is off on 1 of 3: azure-2.' })
    expect(faultIn(describeClock(all)).why).toMatch(/behind/)
  })

  test('that a log is missing, and how one comes there', () => {
    const empty = ready('aws-1')
    const none = { ...empty, found: { ...(empty.found ?? expect.fail()), log: { files: 0, bytes: 0 } } }
    expect(faultIn(describeLogs(asked(none, ready('gcp-1'))))).toMatchObject({
      what: 'access.log is missing on 1 of 2: aws-1.',
      next: ['Have one written: bbq logs start', expect.stringContaining('logs.path')],
    })
  })

  test('nodes without provider or region are named', () => {
    const node = (id: string, more: Partial<ClusterNode>): ClusterNode => ({
      id,
      provider: 'aws',
      region: 'us-east-1',
      state: 'connected',
      labels: {},
      ...more,
    })
    const nodes = [
      node('aws-1', {}),
      node('n-7', { provider: 'other', region: 'unknown' }),
      node('aws-2', { region: 'unknown' }),
      node('gone', { state: 'lost', provider: 'other' }),
    ]
    expect(describeNodes(nodes)).toBe(
      '3 of 4 connected, not gone; no known provider in the labels of n-7; no region in the labels of n-7, aws-2',
    )
  })
})
