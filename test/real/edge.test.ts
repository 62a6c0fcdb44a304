import { createHash } from 'node:crypto'
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countLogs, emptyNodes, fillLogs, openWorkplace, type Workplace } from './bbq.ts'
import { containerOn, docker, nodeData, realCluster } from './cluster.ts'

interface Answer {
  readonly rows: readonly (readonly [string, ...(string | number)[]])[]
  readonly truncated: boolean
  readonly nodes: readonly { readonly id: string; readonly state: string; readonly error: string | null }[]
}

/** Everything in the data folders of the nodes, hidden files too. */
const filesOnNodes = (): readonly string[] =>
  realCluster().nodes.flatMap((node) =>
    [nodeData(node), join(nodeData(node), '.bbq')]
      .flatMap((folder) => globSync('{**/*,*}', { cwd: folder }).map((name) => join(folder, name)))
      .filter((path) => statSync(path).isFile())
      .map((path) => `${path} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`)
      .sort(),
  )

describe('questions to the nodes of a real cluster', () => {
  let place: Workplace

  const edge = async (...args: readonly string[]): Promise<Answer> => {
    const { stdout, stderr, code } = await place.bbq('edge', ...args, '--json')
    expect(code, stderr).toBe(0)
    return JSON.parse(stdout) as Answer
  }

  beforeAll(async () => {
    emptyNodes()
    await fillLogs(1_500)
    place = await openWorkplace()
  })
  afterAll(() => place.close())

  test('nodes that were not prepared say so', async () => {
    const { code, stderr } = await place.bbq('edge', 'SELECT count(*) FROM logs')
    expect(code).toBe(1)
    expect(stderr).toMatch(/3 say: this node was not prepared/)
    expect(stderr).toContain('bbq nodes prepare')
  })

  test('answers come whole and equal what the logs hold, which stay as they are', async () => {
    const prepared = await place.bbq('nodes', 'prepare')
    expect(prepared.code, prepared.stderr).toBe(0)
    const before = filesOnNodes()
    expect(before.length).toBeGreaterThan(6)

    const { rows, truncated, nodes } = await edge('SELECT remote_log_id, path, user_agent FROM logs', '--limit', '9000')
    expect(truncated).toBe(false)
    expect(nodes.map(({ error }) => error)).toEqual([null, null, null])
    const counts = countLogs()
    for (const [node, { parsed }] of Object.entries(counts)) {
      const mine = rows.filter(([id]) => id === node)
      expect(JSON.stringify(mine).length).toBeGreaterThan(100_000)
      expect(new Set(mine.map((row) => row[1])).size).toBe(parsed)
      expect(mine.length).toBe(parsed)
    }

    const merged = await edge(
      'SELECT count(*) AS n FROM lines',
      ...['--merge', 'SELECT sum(n)::BIGINT AS n, count(DISTINCT node) AS nodes FROM edge'],
    )
    const lines = Object.values(counts).reduce((sum, count) => sum + count.lines, 0)
    expect(merged.rows).toEqual([[lines, 3]])
    expect(filesOnNodes()).toEqual(before)
  })

  test('the task can neither write to its node nor reach a network, and ends with Ctrl-C', async () => {
    const forever = 'SELECT count(*) FROM range(1000000000) a, range(1000000) b WHERE a.range + b.range = -1'
    const { pid, done } = place.start('edge', forever, '--nodes', 'gcp-1')
    const container = await containerOn('gcp-1', 'edge')
    const inspected: unknown = JSON.parse(await docker('gcp-1', ['inspect', container]))
    expect(inspected).toMatchObject([
      { HostConfig: { NetworkMode: 'none' }, Mounts: [{ Destination: '/var/log/app', RW: false }] },
    ])
    process.kill(pid, 'SIGINT')
    expect((await done).code).toBe(130)
    await expect.poll(async () => docker('gcp-1', ['ps', '--quiet']), { timeout: 30_000, interval: 500 }).toBe('')
  })
})
