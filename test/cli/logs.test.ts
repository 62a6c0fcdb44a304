import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { takeLock } from '../../src/cli/lock.ts'
import { bbq, freshFolder } from './bbq.ts'

const folder = freshFolder()
const state = join(folder, '.bbq')
const dirOf = (node: string): string => join(state, 'nodes', node)
const linesOf = (node: string): readonly string[] =>
  readFileSync(join(dirOf(node), 'access.log'), 'utf8')
    .split('\n')
    .slice(0, -1)

beforeAll(async () => {
  writeFileSync(join(folder, 'config.yaml'), 'demo:\n  lines: 200\n')
  expect((await bbq(folder, ['nodes'])).code).toBe(0)
})

test('logs alone tells its commands', async () => {
  const { code, stderr } = await bbq(folder, ['logs'])
  expect(code).toBe(0)
  expect(stderr).toMatch(/^ {2}peek .*\n {2}start .*\n {2}stop .*\n {2}clean /m)
})

describe('logs peek', () => {
  test('shows the first lines of the first node, and the command that ran', async () => {
    const { code, stdout, stderr } = await bbq(folder, ['logs', 'peek'])
    expect(code).toBe(0)
    expect(stdout).toBe(`${linesOf('aws-1').slice(0, 10).join('\n')}\n`)
    expect(stderr).toMatch(/^\$ sh \S+bbq-peek-\w+\.sh\n$/)
  })

  test('shows more than 2 KB whole, from either end, as JSON too', async () => {
    const head = await bbq(folder, ['logs', 'peek', 'gcp-2', '--lines', '120'])
    expect(head.stdout.length).toBeGreaterThan(10_000)
    expect(head.stdout).toBe(`${linesOf('gcp-2').slice(0, 120).join('\n')}\n`)
    const tail = await bbq(folder, ['logs', 'peek', 'gcp-2', '--lines', '3', '--tail', '--json'])
    expect(JSON.parse(tail.stdout)).toEqual({
      node: 'gcp-2',
      path: '/bacalhau_data/access.log',
      lines: linesOf('gcp-2').slice(-3),
      command: expect.stringContaining('bbq-peek-'),
    })
  })

  test('gives nothing of a log to the terminal that it would obey', async () => {
    writeFileSync(join(dirOf('gcp-3'), 'odd.log'), 'a\x1b[31mb\x07c\u202ed\n')
    const { stdout } = await bbq(folder, ['logs', 'peek', 'gcp-3', '--logs-path', 'odd.log'])
    expect(stdout).toBe('a·[31mb·c·d\n')
  })

  test.each([
    [['gcp-99'], 2, 'There is no node gcp-99.'],
    [['gcp-1', '--logs-path', 'none.log'], 1, 'gcp-1 has no log /bacalhau_data/none.log.'],
    [['gcp-1', '--lines', '0'], 2, "Option '--lines <n>' argument '0' is invalid."],
  ])('%j ends with %d', async (args, expected, what) => {
    const { code, stdout, stderr } = await bbq(folder, ['logs', 'peek', ...args])
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' })
    expect(stderr.split('\n')).toContain(what)
  })
})

describe('logs of simulated nodes', () => {
  test.each(['start', 'stop'])('need no %s, which says what to do instead', async (verb) => {
    const { code, stdout, stderr } = await bbq(folder, ['logs', verb])
    expect(code).toBe(0)
    expect(stdout).toMatch(/simulated nodes/)
    expect(stderr).toMatch(/bbq/)
    expect(JSON.parse((await bbq(folder, ['logs', verb, '--json'])).stdout)).toEqual({ cluster: 'sandbox', nodes: [] })
  })
})

describe('logs clean', () => {
  test('without a terminal shows what is there, and needs --yes', async () => {
    const { code, stdout, stderr } = await bbq(folder, ['logs', 'clean', 'aws-1', 'aws-2'])
    expect(code).toBe(4)
    expect(stdout).toMatch(/^aws-1 {2}access\.log +\d+ KB\naws-2 {2}access\.log +\d+ KB$/m)
    expect(stderr).toMatch(/^Nothing was removed: 2 files of \d+ KB on 2 nodes of SIMULATED\.$/m)
    expect(stderr).toContain('Add --yes')
    expect(existsSync(join(dirOf('aws-1'), 'access.log'))).toBe(true)
  })

  test('removes a log and its predecessors of the named nodes, and nothing else', async () => {
    const dir = dirOf('azure-1')
    for (const name of ['access.log.1', 'access.log.2.gz', 'access.login', 'other.log'])
      writeFileSync(join(dir, name), 'x\n')
    symlinkSync('other.log', join(dir, 'access.log.3'))
    const { code, stdout } = await bbq(folder, ['logs', 'clean', 'azure-1', 'azure-2', '--yes', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      cluster: 'SIMULATED',
      path: '/bacalhau_data/access.log',
      nodes: [
        { id: 'azure-1', removed: ['access.log', 'access.log.1', 'access.log.2.gz'] },
        { id: 'azure-2', removed: ['access.log'] },
      ],
    })
    expect(readdirSync(dir).sort()).toEqual(['.bbq', 'access.log.3', 'access.login', 'other.log'])
    expect(linesOf('azure-3')).toHaveLength(200)
    const again = await bbq(folder, ['logs', 'clean', 'azure-1'])
    expect(again).toMatchObject({ code: 0, stderr: 'No node has a log /bacalhau_data/access.log.\n' })
  })

  test('leaves a state folder alone that another program uses', async () => {
    const release = takeLock(state, { command: 'bbq', now: Date.now() })
    try {
      const { code, stderr } = await bbq(folder, ['logs', 'clean', 'gcp-5', '--yes'])
      expect(code).toBe(1)
      expect(stderr).toContain('is in use by process')
      expect((await bbq(folder, ['logs', 'peek', 'gcp-5'])).code).toBe(0)
    } finally {
      release()
    }
    expect(linesOf('gcp-5')).toHaveLength(200)
  })

  test('says which node did not answer, and cleans the others', async () => {
    await bbq(folder, ['nodes', 'fail', 'gcp-6', '--how', 'mount', '--reason', 'volume is not allowlisted'])
    const { code, stdout, stderr } = await bbq(folder, ['logs', 'clean', 'gcp-6', 'gcp-7', '--yes'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^gcp-6 was not looked at: .*not allowlisted$/m)
    expect(stdout).toMatch(/^gcp-7 {2}removed 1 file$/m)
    expect(linesOf('gcp-6')).toHaveLength(200)
  })
})
