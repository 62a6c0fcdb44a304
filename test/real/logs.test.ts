import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../scripts/cluster/wait.ts'
import { AppError } from '../../src/core/errors.ts'
import { emptyNodes, nodesOf, openWorkplace, type Workplace } from './bbq.ts'
import { bacalhau, docker, nodeData, realCluster } from './cluster.ts'

interface Listed {
  readonly job_id: string
  readonly nodes: readonly {
    readonly id: string
    readonly state?: string
    readonly filled?: number
    readonly reason?: string
    readonly removed?: readonly string[]
  }[]
}

const log = (node: string): string => join(nodeData(node), 'access.log')
const sizes = (): readonly number[] => realCluster().nodes.map((node) => statSync(log(node)).size)
const firstLines = (node: string, n: number): string => {
  const lines = readFileSync(log(node), 'utf8').split('\n').slice(0, n)
  return `${lines.join('\n')}\n`
}
const read = ({ stdout }: { readonly stdout: string }): Listed => JSON.parse(stdout) as Listed
const statesOf = (outcome: { readonly stdout: string }) =>
  Object.fromEntries(read(outcome).nodes.map(({ id, state }) => [id, state]))
const all = (state: string): Readonly<Record<string, string>> =>
  Object.fromEntries(realCluster().nodes.map((id) => [id, state]))

const grown = async (): Promise<void> => {
  const before = sizes()
  const more = async (): Promise<boolean> => sizes().every((size, i) => size > (before[i] ?? 0))
  await until(20_000, more, () => new AppError({ what: `The logs did not grow beyond ${before.join(', ')} bytes.` }))
}

describe('the logs of a real cluster', () => {
  let place: Workplace

  beforeAll(async () => {
    emptyNodes()
    place = await openWorkplace()
  })
  afterAll(() => place.close())

  test('a generator on nodes that were not prepared is dead, and its job is ended', async () => {
    const outcome = await place.bbq('logs', 'start', '--json')
    expect(outcome.code, outcome.stderr).toBe(1)
    expect(statesOf(outcome)).toEqual(all('dead'))
    for (const { reason } of read(outcome).nodes) expect(reason).toContain('not prepared')
    expect(outcome.stderr).toContain('bbq nodes prepare')
    const described: unknown = JSON.parse(await bacalhau(['job', 'describe', read(outcome).job_id, '--output', 'json']))
    expect(described).toMatchObject({ Job: { State: { StateType: 'Stopped' } } })
  })

  test('start fills the empty logs of prepared nodes and lets them grow', async () => {
    const prepared = await place.bbq('nodes', 'prepare')
    expect(prepared.code, prepared.stderr + prepared.stdout).toBe(0)
    const outcome = await place.bbq('logs', 'start', '--fill', '400', '--rate', '90', '--cluster-cpu', '64', '--json')
    expect(outcome.code, outcome.stderr + outcome.stdout).toBe(0)
    expect(statesOf(outcome)).toEqual(all('growing'))
    expect(read(outcome).nodes.map(({ filled }) => filled)).toEqual([400, 400, 400])
    expect(outcome.stderr).toContain('A stage asks a node for 64 CPU')
    await grown()
    const heads = realCluster().nodes.map((node) => firstLines(node, 1))
    expect(new Set(heads).size).toBe(heads.length)
  })

  test('peek shows the fill, whole where it is more than 2 KB, and its end', async () => {
    const [node = ''] = realCluster().nodes
    const { code, stdout, stderr } = await place.bbq('logs', 'peek', node, '--lines', '40')
    expect(code, stderr).toBe(0)
    expect(stdout.length).toBeGreaterThan(4_096)
    expect(`${stdout}\n`).toBe(firstLines(node, 40))
    expect(stderr).toMatch(/^\$ .*bacalhau job run .* < \S+\.yaml$/m)
    const tail = await place.bbq('logs', 'peek', '--tail', '--lines', '2')
    expect(tail.stdout.split('\n')).toHaveLength(2)
  })

  test('a stage that asks for less than the rest runs beside it', async () => {
    const beside = await place.bbq('run', 'raw', '--cluster-cpu', '0.4', '--json')
    for (const [id, { state, reason }] of Object.entries(nodesOf(beside)))
      expect(`${id} ${state} ${reason}`).toBe(`${id} done `)
  })

  test('a second one is refused, from this state folder and from another', async () => {
    const same = await place.bbq('logs', 'start')
    expect(same.code).toBe(4)
    expect(same.stderr).toMatch(/^A log generator already runs on aws-1, azure-1, gcp-1 \(job j-/)
    const other = await place.bbq('logs', 'start', '--state', 'other', '--json')
    expect(other.code).toBe(1)
    for (const { reason } of read(other).nodes) expect(reason).toContain('Another generator already writes')
    await grown()
  })

  test('clean removes nothing meanwhile', async () => {
    const { code, stderr } = await place.bbq('logs', 'clean', '--yes')
    expect(code).toBe(4)
    expect(stderr).toContain('a log generator writes on aws-1, azure-1, gcp-1')
    await grown()
  })

  test('a killed container is followed by another, which goes on', async () => {
    const [id] = (await docker('gcp-1', ['ps', '--quiet'])).split('\n')
    await docker('gcp-1', ['kill', id ?? ''])
    await grown()
  })

  test('stop ends it on every node', async () => {
    const outcome = await place.bbq('logs', 'stop', '--json')
    expect(outcome.code, outcome.stderr).toBe(0)
    expect(statesOf(outcome)).toEqual(all('stopped'))
    for (const node of realCluster().nodes) expect(await docker(node, ['ps', '--quiet'])).toBe('')
    const before = sizes()
    const peeked = await place.bbq('logs', 'peek', '--tail')
    expect(peeked.code).toBe(0)
    expect(sizes()).toEqual(before)
    expect((await place.bbq('logs', 'stop')).stdout).toContain('No log generator')
  })

  test('clean removes the log and its predecessors of the named node, and of nothing else', async () => {
    const kept = readdirSync(join(nodeData('aws-1'), '.bbq'))
    for (const name of ['access.log.1', 'access.log.2.gz', 'access.login', 'other.log'])
      writeFileSync(join(nodeData('aws-1'), name), 'x\n')
    const asked = await place.bbq('logs', 'clean', 'aws-1')
    expect(asked.code).toBe(4)
    expect(asked.stdout).toMatch(/^aws-1 {2}access\.log\.2\.gz +2 B$/m)
    const outcome = await place.bbq('logs', 'clean', 'aws-1', '--yes', '--json')
    expect(outcome.code, outcome.stderr).toBe(0)
    expect(read(outcome).nodes).toEqual([{ id: 'aws-1', removed: ['access.log', 'access.log.1', 'access.log.2.gz'] }])
    expect(readdirSync(nodeData('aws-1')).sort()).toEqual(['.bbq', 'access.login', 'other.log'])
    expect(readdirSync(join(nodeData('aws-1'), '.bbq'))).toEqual(kept)
    expect(statSync(log('gcp-1')).size).toBeGreaterThan(0)
  })
})
