import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findFiles } from '../../../src/cluster/sandbox/own-files.ts'
import { knownOwnNodes } from '../../../src/cluster/sandbox/own-nodes.ts'
import { call, run, tiny } from './harness.ts'
import { tinyRequest } from './open-tiny.ts'

let logs: string
beforeEach(async () => {
  logs = await mkdtemp(join(tmpdir(), 'bbq-own-'))
})
afterEach(() => rm(logs, { recursive: true, force: true }))

const put = async (...names: readonly string[]): Promise<void> => {
  for (const name of names) await writeFile(join(logs, name), 'a\n')
}

const listOf = async (stateDir: string, folder: string): Promise<unknown> =>
  JSON.parse(await readFile(join(stateDir, folder, '.bbq', 'files.json'), 'utf8'))

describe('patterns', () => {
  const named = async (...patterns: readonly string[]): Promise<readonly string[]> =>
    (await findFiles(patterns.map((pattern) => join(logs, pattern)))).map(({ path }) => path.slice(logs.length + 1))

  test('name the files of a rotation oldest first, set by set', async () => {
    await put(
      'b.log',
      'access.log',
      'access.log.1',
      'access.log.10.gz',
      'access.log.2.zst',
      'b.log-20261101.gz',
      'b.log-20261102',
    )
    await mkdir(join(logs, 'access.log.d'))
    expect(await named('*')).toEqual([
      'access.log.10.gz',
      'access.log.2.zst',
      'access.log.1',
      'access.log',
      'b.log-20261101.gz',
      'b.log-20261102',
      'b.log',
    ])
    expect(await named('access.log*')).toEqual(['access.log.10.gz', 'access.log.2.zst', 'access.log.1', 'access.log'])
    expect(await named('{b,access}.log', 'b.log*')).toEqual([
      'access.log',
      'b.log',
      'b.log-20261101.gz',
      'b.log-20261102',
    ])
  })

  test('of which a file has the very name are that file', async () => {
    await put('a[1].log', 'a1.log')
    expect(await named('a[1].log')).toEqual(['a[1].log'])
    expect(await named('a[0-9].log')).toEqual(['a1.log'])
  })

  test('find; a file that was also named itself is none of the finds', async () => {
    await put('a.log', 'a.log.1')
    const files = await findFiles([join(logs, 'a.log*'), join(logs, 'a.log')])
    expect(files).toEqual([{ path: join(logs, 'a.log.1'), found: true }, { path: join(logs, 'a.log') }])
  })

  test('that name nothing stand for themselves', async () => {
    expect(await named('*.nope', 'nope.log')).toEqual(['*.nope', 'nope.log'])
  })
})

describe('nodes over files of somebody’s own', () => {
  test('stand side by side, each with its name, its files and its folder', async () => {
    await put('one.log', 'one.log.1', 'two.log')
    await writeFile(join(logs, 'one.log.2.gz'), gzipSync('z\n'))
    const given = [
      { name: 'web1', files: [join(logs, 'one.log*')] },
      { name: 'web-2.example', files: [join(logs, 'two.log')] },
    ]
    const { cluster, stateDir } = await tiny({ inputs: given })
    expect(cluster.about).toEqual({ kind: 'sandbox', label: 'LOCAL FILES', ownFiles: true })
    const nodes = await cluster.nodes(call)
    expect(nodes).toMatchObject([
      { id: 'web1', provider: 'other', region: 'local', state: 'connected', log: { lines: 2, tail: ['a'] } },
      { id: 'web-2.example', provider: 'other', region: 'local', log: { path: join(logs, 'two.log'), lines: 1 } },
    ])
    expect(JSON.parse(await readFile(join(stateDir, 'own/web1/.bbq/node.json'), 'utf8'))).toMatchObject({ id: 'web1' })
    expect((await stat(join(stateDir, 'own/web1/.bbq/files.json'))).mode & 0o777).toBe(0o600)
    const request = tinyRequest({ nodes: ['web1', 'web-2.example'] })
    expect((await cluster.keep(request, call)).clusterCommand).toBeUndefined()
    const end = await run(cluster, request)
    expect(end.executions.map(({ report }) => report?.node)).toEqual(['web1', 'web-2.example'])
    expect(await knownOwnNodes(stateDir)).toEqual([...given].reverse())
  })

  test('look for their files again before every job', async () => {
    await put('access.log')
    const { cluster, stateDir } = await tiny({ inputs: [{ name: 'local', files: [join(logs, 'access.log*')] }] })
    const paths = async () =>
      ((await listOf(stateDir, 'local')) as { files: { path: string }[] }).files.map(({ path }) => path)
    expect(await paths()).toEqual([join(logs, 'access.log')])
    await rename(join(logs, 'access.log'), join(logs, 'access.log.1'))
    await put('access.log')
    await run(cluster, tinyRequest({ nodes: ['local'] }))
    expect(await paths()).toEqual([join(logs, 'access.log.1'), join(logs, 'access.log')])
  })

  test('are not known again from streams alone, nor where there were none', async () => {
    const copy = join(logs, 'copy')
    await writeFile(copy, 'x\n')
    const stream = { path: copy, stream: { name: 'standard input', sha256: 'ab' } }
    const { cluster, stateDir } = await tiny({ inputs: [{ name: 'local', files: [], streams: [stream] }] })
    expect((await cluster.nodes(call))[0]?.log).toMatchObject({ path: 'standard input', lines: 1, tail: ['x'] })
    expect(await listOf(stateDir, 'local')).toEqual({ patterns: [], files: [stream] })
    expect(await knownOwnNodes(stateDir)).toEqual([])
    expect(await knownOwnNodes(join(stateDir, 'none'))).toEqual([])
  })
})
