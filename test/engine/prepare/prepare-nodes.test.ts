import { generateKeyPairSync } from 'node:crypto'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { ClusterNode } from '../../../src/core/node.ts'
import { type Preparation, prepareNodes, unprepareNodes } from '../../../src/engine/prepare/prepare-nodes.ts'
import { type Containers, openContainers } from '../../fakes/containers.ts'

const call = { signal: new AbortController().signal, deadlineMs: 60_000 }
const keyFile = JSON.stringify({
  type: 'service_account',
  client_email: 'up@p.iam.gserviceaccount.com',
  private_key: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
})

describe('preparing nodes', () => {
  let here: Containers
  beforeEach(() => {
    here = openContainers()
  })

  const prepare = (nodes: readonly ClusterNode[], rotate = false): Promise<readonly Preparation[]> =>
    prepareNodes(here.parts(keyFile), nodes, { rotate }, call)
  const states = (all: readonly Preparation[]): readonly string[] => all.map(({ id, state }) => `${id} ${state}`)
  const file = (id: string, name: string): string => join(here.folderOf(id), '.bbq', name)
  const read = (id: string, name: string): string => readFileSync(file(id, name), 'utf8')

  test('gives each what it lacks, and asks only once when nothing is lacking', async () => {
    const nodes = [here.add('a'), here.add('b')]
    expect(states(await prepare(nodes))).toEqual(['a prepared', 'b prepared'])
    expect(here.sent).toEqual(['inspect', 'install', 'introduce', 'inspect'])
    expect(read('b', 'credentials.json')).toBe(keyFile)
    expect(states(await prepare(nodes))).toEqual(['a was ready', 'b was ready'])
    expect(here.sent.slice(4)).toEqual(['inspect'])
  })

  test('leaves alone what is ready when a node joins', async () => {
    const a = here.add('a')
    await prepare([a])
    const key = read('a', 'key')
    expect(states(await prepare([a, here.add('b')]))).toEqual(['a was ready', 'b prepared'])
    expect(read('a', 'key')).toBe(key)
  })

  test('refuses two that share a folder, prepared or not', async () => {
    const nodes = [here.add('a'), here.add('b', 'a'), here.add('c')]
    const first = await prepare(nodes)
    expect(states(first)).toEqual(['a refused', 'b refused', 'c prepared'])
    expect(first[1]?.reason).toContain('is also that of a')
    expect(readdirSync(join(here.folderOf('a'), '.bbq'))).not.toContain('node.json')
    expect(states(await prepare(nodes, true))).toEqual(['a refused', 'b refused', 'c prepared'])
    expect(readdirSync(join(here.folderOf('a'), '.bbq'))).not.toContain('node.json')
  })

  test('refuses a second one that shares a folder though it comes alone', async () => {
    const a = here.add('a')
    await prepare([a])
    const second = await prepare([here.add('b', 'a')])
    expect(states(second)).toEqual(['b refused'])
    expect(second[0]?.reason).toContain('was prepared as that of a')
    expect(JSON.parse(read('a', 'node.json'))).toMatchObject({ id: 'a' })
  })

  test('gives a disk that was copied a key pair of its own when it is rotated', async () => {
    const nodes = [here.add('a'), here.add('b')]
    await prepare(nodes.slice(0, 1))
    rmSync(here.folderOf('b'), { recursive: true })
    cpSync(here.folderOf('a'), here.folderOf('b'), { recursive: true })
    expect(states(await prepare(nodes))).toEqual(['a refused', 'b refused'])
    expect(states(await prepare(nodes, true))).toEqual(['a prepared', 'b prepared'])
    expect(read('a', 'key')).not.toBe(read('b', 'key'))
    expect(JSON.parse(read('b', 'node.json'))).toMatchObject({ id: 'b' })
  })

  test('asks nodes again that were busy', async () => {
    let left = 2
    here.fate = (kind, node) => (kind === 'introduce' && node === 'b' && left-- > 0 ? 'is left out' : 'runs')
    expect(states(await prepare([here.add('a'), here.add('b')]))).toEqual(['a prepared', 'b prepared'])
    expect(here.sent.filter((kind) => kind === 'introduce')).toHaveLength(3)
  })

  test('leaves a node as it was when a rotation ends midway', async () => {
    const nodes = [here.add('a')]
    await prepare(nodes)
    const key = read('a', 'key')
    here.fate = (kind) => (kind === 'introduce' ? 'is left out' : 'runs')
    expect(states(await prepare(nodes, true))).toEqual(['a failed'])
    expect(read('a', 'key')).toBe(key)
    expect(read('a', 'credentials.json')).toBe(keyFile)
    here.fate = () => 'runs'
    expect(states(await prepare(nodes))).toEqual(['a was ready'])
    expect(states(await prepare(nodes, true))).toEqual(['a prepared'])
    expect(read('a', 'key')).not.toBe(key)
    expect(readdirSync(join(here.folderOf('a'), '.bbq'))).not.toContain('key.next')
  })

  test('fails one whose answer does not come, and goes on with the others', async () => {
    here.fate = (kind, node) => (kind === 'install' && node === 'b' ? 'tells nothing' : 'runs')
    const all = await prepare([here.add('a'), here.add('b')])
    expect(states(all)).toEqual(['a prepared', 'b failed'])
    expect(all[1]?.reason).toContain('does not come')
  })

  test('repairs a name that cannot be read', async () => {
    const nodes = [here.add('a')]
    await prepare(nodes)
    writeFileSync(file('a', 'node.json'), '{"id":"a"}')
    expect(states(await prepare(nodes))).toEqual(['a prepared'])
  })

  test('tells a damaged key pair without a letter of it, and a rotation replaces it', async () => {
    const nodes = [here.add('a')]
    await prepare(nodes)
    const key = read('a', 'key').trim()
    const broken = `${key.slice(0, -1)}${key.endsWith('Q') ? 'P' : 'Q'}`
    writeFileSync(file('a', 'key'), broken)
    writeFileSync(file('a', 'node.json'), 'null')
    const all = await prepare(nodes)
    expect(states(all)).toEqual(['a failed'])
    expect(JSON.stringify(all)).not.toContain(broken.slice(15, 40))
    expect(all[0]?.reason).toContain('is damaged')
  })

  test('takes two presenters at once', async () => {
    const nodes = [here.add('a'), here.add('b')]
    const [one, two] = await Promise.all([prepare(nodes), prepare(nodes)])
    for (const all of [one, two]) expect(states(all).map((text) => text.slice(2))).toEqual(['prepared', 'prepared'])
    expect(states(await prepare(nodes))).toEqual(['a was ready', 'b was ready'])
  })

  test('takes everything away again', async () => {
    const nodes = [here.add('a')]
    await prepare(nodes)
    expect(states(await unprepareNodes(here.parts(), nodes, call))).toEqual(['a removed'])
    expect(readdirSync(join(here.folderOf('a'), '.bbq')).filter((name) => name !== 'duckdb')).toEqual([])
    expect(states(await prepare(nodes))[0]).toMatch(/^a /)
  })
})
