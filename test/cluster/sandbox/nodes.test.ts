import { execFileSync } from 'node:child_process'
import { appendFile, link, mkdir, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { call, failureOf, nodeDir, run, tiny } from './harness.ts'
import { tinyRequest } from './open-tiny.ts'

describe('the nodes of the sandbox', () => {
  test('are 21 in three clouds, each with a log and a node file', async () => {
    const { cluster, stateDir } = await tiny()
    const nodes = await cluster.nodes(call)
    expect(nodes.length).toBe(21)
    for (const provider of ['aws', 'gcp', 'azure'])
      expect(nodes.filter((node) => node.provider === provider).length).toBe(7)
    expect(new Set(nodes.map(({ region }) => region)).size).toBe(21)
    const identities = await Promise.all(
      nodes.map(async ({ id }) => JSON.parse(await readFile(join(nodeDir(stateDir, id), '.bbq/node.json'), 'utf8'))),
    )
    expect(identities.map(({ id, region }) => [id, region])).toEqual(nodes.map(({ id, region }) => [id, region]))
    expect(new Set(identities.flatMap(({ public_ip, private_ip }) => [public_ip, private_ip])).size).toBe(42)
    expect((await stat(join(nodeDir(stateDir, 'aws-1'), '.bbq/node.json'))).mode & 0o777).toBe(0o600)
    for (const { log } of nodes) {
      expect(log).toMatchObject({ lines: 20, path: '/bacalhau_data/access.log' })
      expect(log?.tail.length).toBe(10)
      expect(log?.tail.at(-1)).toContain('GET /19')
    }
  })

  test('are kept when it is opened again, and made anew when asked', async () => {
    const { cluster, stateDir, reopen } = await tiny()
    const mark = join(nodeDir(stateDir, 'gcp-3'), '.bbq/state')
    await mkdir(mark)
    await cluster.close()
    const again = await reopen({ lines: 7 })
    expect((await again.nodes(call))[0]?.log?.lines).toBe(20)
    await expect(stat(mark)).resolves.toBeDefined()
    await again.close()
    const fresh = await reopen({ fresh: true, lines: 7 })
    expect((await fresh.nodes(call))[0]?.log?.lines).toBe(7)
    await expect(stat(mark)).rejects.toThrow('ENOENT')
    expect((await readdir(stateDir)).sort()).toEqual(['nodes', 'sandbox'])
    await fresh.close()
  })

  test('are not there when the generator fails, and the error says why', async () => {
    const { cluster, stateDir, reopen } = await tiny()
    await cluster.close()
    const error = await failureOf(reopen({ fresh: true, seed: 13 }))
    expect(error.why).toBe('no room on the disk')
    expect(error.next[0]).toContain('fill --plan')
    expect((await readdir(join(stateDir, 'nodes'))).length).toBe(21)
  })

  test('may have their log elsewhere, and a generator that behaves otherwise', async () => {
    const { cluster, stateDir } = await tiny({ log: 'web/site.log', generator: { rate: 5 } })
    const [node] = await cluster.nodes(call)
    expect(node?.log).toMatchObject({ path: '/bacalhau_data/web/site.log', lines: 20 })
    const plan = JSON.parse(await readFile(join(stateDir, 'sandbox', 'fill.json'), 'utf8'))
    expect(plan).toMatchObject({ seed: 1, lines: 20, knobs: { rate: 5 } })
  })

  test('grow while it is live, and no longer than it is open', async () => {
    const { cluster, reopen } = await tiny({ live: true })
    const linesOf = async () => (await cluster.nodes(call)).map(({ log }) => log?.lines ?? 0)
    await vi.waitFor(async () => expect(Math.min(...(await linesOf()))).toBeGreaterThan(25), { timeout: 10_000 })
    await cluster.close()
    const closed = await linesOf()
    const again = await reopen({ live: false })
    expect((await again.nodes(call)).map(({ log }) => log?.lines)).toEqual(closed)
    await again.close()
  })

  test('show nothing of what is no regular file, or lies out of the folder, and wait for none', async () => {
    const { cluster, stateDir } = await tiny()
    const live = join(nodeDir(stateDir, 'aws-1'), 'access.log')
    await writeFile(join(stateDir, 'foreign'), 'somebody else\n')
    execFileSync('mkfifo', [`${live}.1`])
    await symlink(join(stateDir, 'foreign'), `${live}.2`)
    await link(live, `${live}.3`)
    const { size } = await stat(live)
    const logOf = async (id: string) => (await cluster.nodes(call)).find((node) => node.id === id)?.log
    expect(await logOf('aws-1')).toMatchObject({ lines: 20, bytes: size })
    await rename(`${live}.2`, live)
    expect((await logOf('aws-1'))?.tail).not.toContain('somebody else')
  })

  test('count every line once over rotations, half lines and truncation', async () => {
    const { cluster, stateDir } = await tiny()
    const live = join(nodeDir(stateDir, 'aws-1'), 'access.log')
    const logOf = async () => (await cluster.nodes(call)).find(({ id }) => id === 'aws-1')?.log
    await logOf()
    await appendFile(live, 'one\nhalf')
    expect((await logOf())?.lines).toBe(21)
    expect((await logOf())?.tail.at(-1)).toBe('one')
    await rename(live, `${live}.1`)
    await writeFile(live, 'two\n')
    expect(await logOf()).toMatchObject({ lines: 22, tail: ['two'] })
    await writeFile(live, '')
    expect(await logOf()).toMatchObject({ lines: 21, tail: ['two'] })
    expect((await logOf())?.bytes).toBe((await stat(`${live}.1`)).size)
  })
})

describe("somebody's own files", () => {
  test('are one node, its state beside them', async () => {
    const { stateDir, cluster: first } = await tiny()
    await first.close()
    const file = join(stateDir, 'mine.txt')
    await writeFile(file, 'a\nb\nc')
    const { cluster } = await tiny({ stateDir, inputs: [{ name: 'local', files: [file] }] })
    expect(cluster.about.label).toBe('LOCAL FILES')
    const [node, ...others] = await cluster.nodes(call)
    expect(others).toEqual([])
    expect(node).toMatchObject({ id: 'local', provider: 'other', region: 'local', state: 'connected' })
    expect(node?.log).toEqual({ path: file, bytes: 5, lines: 2, tail: ['a', 'b'] })
    const end = await run(cluster, tinyRequest({ nodes: ['local'] }))
    expect(end.executions[0]?.report?.node).toBe('local')
  })

  test('that are not there leave their node without a log', async () => {
    const { cluster } = await tiny({ inputs: [{ name: 'local', files: ['/no/such/file.log'] }] })
    const [node] = await cluster.nodes(call)
    expect(node).toMatchObject({ id: 'local', state: 'connected' })
    expect(node?.log).toBeUndefined()
  })
})
