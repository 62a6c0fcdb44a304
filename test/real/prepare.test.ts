import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyNodes, fillLogs, nodesOf, openWorkplace, type Workplace } from './bbq.ts'
import { nodeData, realCluster, withFolderOf } from './cluster.ts'
import { clusterFolder, clusterTells, filesWith, marksIn, newSecret } from './secrets.ts'

interface Prepared {
  readonly nodes: readonly { readonly id: string; readonly state: string; readonly reason?: string }[]
}

const statesOf = ({ stdout }: { readonly stdout: string }): Readonly<Record<string, string>> =>
  Object.fromEntries((JSON.parse(stdout) as Prepared).nodes.map(({ id, state }) => [id, state]))

const all = (state: string): Readonly<Record<string, string>> =>
  Object.fromEntries(realCluster().nodes.map((id) => [id, state]))

const own = (node: string, ...names: readonly string[]): string => join(nodeData(node), '.bbq', ...names)

describe('preparing the nodes of a real cluster', () => {
  const secret = newSecret()
  let place: Workplace
  let said = ''

  const bbq: Workplace['bbq'] = async (...args) => {
    const outcome = await place.bbq(...args)
    said += outcome.stdout + outcome.stderr
    return outcome
  }

  beforeAll(async () => {
    emptyNodes()
    await fillLogs(500)
    place = await openWorkplace()
    writeFileSync(join(place.folder, 'log_uploader_credentials.json'), secret.keyFile, { mode: 0o600 })
  })
  afterAll(() => place.close())

  test('a node that was never prepared says so, and how to prepare it', async () => {
    const { code, stderr } = await bbq('run', 'raw')
    expect(code).toBe(4)
    expect(stderr).toContain('None of 3 nodes is prepared')
    expect(stderr).toContain('never prepared')
    expect(stderr).toContain('bbq nodes prepare')
  })

  test('gives each what it needs, for its owner alone', async () => {
    const outcome = await bbq('nodes', 'prepare', '--json')
    expect(outcome.code, outcome.stderr + outcome.stdout).toBe(0)
    expect(statesOf(outcome)).toEqual(all('prepared'))
    for (const node of realCluster().nodes) {
      expect(JSON.parse(readFileSync(own(node, 'node.json'), 'utf8'))).toMatchObject({ id: node })
      expect(readFileSync(own(node, 'credentials.json'), 'utf8')).toBe(secret.keyFile)
      expect(statSync(own(node)).mode & 0o777).toBe(0o700)
      for (const name of ['node.json', 'credentials.json', 'key'])
        expect(statSync(own(node, name)).mode & 0o777, name).toBe(0o600)
    }
    const keys = realCluster().nodes.map((node) => readFileSync(own(node, 'key'), 'utf8'))
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('lets them run a stage, and leaves nodes that are ready alone', async () => {
    const again = await bbq('nodes', 'prepare', '--json')
    expect(statesOf(again)).toEqual(all('was ready'))
    const run = await bbq('run', 'structured', '--json')
    for (const [id, { state, reason }] of Object.entries(nodesOf(run)))
      expect(`${id} ${state} ${reason}`).toBe(`${id} done `)
  })

  test('gives a changed key file to each', async () => {
    const keyFile = newSecret().keyFile
    writeFileSync(join(place.folder, 'log_uploader_credentials.json'), keyFile)
    expect(statesOf(await bbq('credentials', 'distribute', '--json'))).toEqual(all('prepared'))
    for (const node of realCluster().nodes) expect(readFileSync(own(node, 'credentials.json'), 'utf8')).toBe(keyFile)
    writeFileSync(join(place.folder, 'log_uploader_credentials.json'), secret.keyFile)
  })

  test('rotates the key pairs', async () => {
    const before = realCluster().nodes.map((node) => readFileSync(own(node, 'key'), 'utf8'))
    expect(statesOf(await bbq('nodes', 'prepare', '--rotate', '--json'))).toEqual(all('prepared'))
    const after = realCluster().nodes.map((node) => readFileSync(own(node, 'key'), 'utf8'))
    expect(new Set([...before, ...after]).size).toBe(6)
    for (const node of realCluster().nodes)
      expect(readFileSync(own(node, 'credentials.json'), 'utf8')).toBe(secret.keyFile)
  })

  test('shows the private key nowhere but in files of the nodes that only their owner may read', async () => {
    expect(marksIn(secret, said)).toEqual([])
    const told = await clusterTells()
    // what is told holds the jobs in which the sealed key travelled
    expect(told).toContain('introductions.json')
    expect(marksIn(secret, told)).toEqual([])
    const found = await filesWith(secret, [clusterFolder(), place.folder])
    const elsewhere = found.filter(({ path }) => path !== join(place.folder, 'log_uploader_credentials.json'))
    expect(elsewhere.map(({ path }) => path).sort()).toEqual(
      realCluster()
        .nodes.map((node) => own(node, 'credentials.json'))
        .sort(),
    )
    expect(found.map(({ mode }) => mode).filter((mode) => mode !== '600')).toEqual([])
  })

  test('refuses two nodes that share a data folder, by name', async () => {
    await withFolderOf('gcp-1', 'aws-1', async () => {
      const outcome = await bbq('nodes', 'prepare', '--json')
      expect(outcome.code).toBe(4)
      expect(statesOf(outcome)).toEqual({ 'aws-1': 'refused', 'gcp-1': 'refused', 'azure-1': 'was ready' })
      const { nodes } = JSON.parse(outcome.stdout) as Prepared
      expect(nodes.find(({ id }) => id === 'gcp-1')?.reason).toContain('aws-1')
      const run = await bbq('run', 'raw')
      expect(run.code).toBe(4)
      expect(run.stderr).toContain('aws-1 and gcp-1 share a data folder')
    })
  })

  test('refuses them as well when neither was prepared before, and leaves no name there', async () => {
    for (const node of ['aws-1', 'gcp-1']) emptyNodes([node])
    await withFolderOf('gcp-1', 'aws-1', async () => {
      const outcome = await bbq('nodes', 'prepare', '--json')
      expect(statesOf(outcome)).toMatchObject({ 'aws-1': 'refused', 'gcp-1': 'refused' })
      expect(readdirSync(own('aws-1'))).not.toContain('node.json')
    })
  })

  test('takes everything away again, and leaves logs and checkpoints', async () => {
    expect(statesOf(await bbq('nodes', 'prepare', '--json'))).toMatchObject({
      'aws-1': 'prepared',
      'gcp-1': 'prepared',
    })
    mkdirSync(own('aws-1', 'state', 'kept'), { recursive: true })
    expect(statesOf(await bbq('nodes', 'prepare', '--remove', '--yes', '--json'))).toEqual(all('removed'))
    const left = readdirSync(own('aws-1')).filter((name) => name !== 'tmp')
    expect(left).toEqual(['state'])
    const azure = readdirSync(own('azure-1')).filter((name) => name !== 'tmp' && name !== 'state')
    expect(azure).toEqual([])
  })
})
