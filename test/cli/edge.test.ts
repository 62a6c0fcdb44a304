import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { bbq, freshFolder } from './bbq.ts'

const folder = freshFolder()
const three = ['--nodes', 'aws-1,gcp-1,azure-1']
const logOf = (node: string): string => join(folder, '.bbq', 'nodes', node, 'access.log')

interface Shape {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
  readonly truncated: boolean
  readonly nodes: readonly (Readonly<Record<string, unknown>> & {
    readonly id: string
    readonly error: string | null
  })[]
}

const json = async (args: readonly string[], expected = 0): Promise<Shape> => {
  const { code, stdout, stderr } = await bbq(folder, ['edge', ...args, '--json'])
  expect(code, stderr).toBe(expected)
  return JSON.parse(stdout) as Shape
}

beforeAll(async () => {
  writeFileSync(join(folder, 'config.yaml'), 'demo:\n  lines: 400\n')
  expect((await bbq(folder, ['nodes'])).code).toBe(0)
})

describe('edge', () => {
  test('answers larger than what a cluster keeps of an output come whole, from every node', async () => {
    const { columns, rows, nodes, truncated } = await json([
      'SELECT remote_log_id, path, user_agent FROM logs',
      ...three,
      ...['--limit', '5000'],
    ])
    expect(columns.map(({ name }) => name)).toEqual(['node', 'remote_log_id', 'path', 'user_agent'])
    expect(truncated).toBe(false)
    expect(JSON.stringify(rows).length).toBeGreaterThan(3 * 2_048)
    expect(nodes.map(({ id, error }) => [id, error])).toEqual([
      ['aws-1', null],
      ['gcp-1', null],
      ['azure-1', null],
    ])
    expect(new Set(rows.map((row) => row[1])).size).toBe(rows.length)
    expect(rows.every((row) => String(row[1]).startsWith(`${row[0]}/`))).toBe(true)
    const run = JSON.parse((await bbq(folder, ['run', 'structured', ...three, '--json'])).stdout)
    expect(rows.length).toBe(run.totals.lines_parsed)
  })

  test('merges with a second query, and prints rows as query does', async () => {
    const sql = 'SELECT count(*) AS n FROM lines'
    const merge = ['--merge', 'SELECT sum(n)::BIGINT AS n, count(*) AS nodes FROM edge']
    const lines = ['aws-1', 'gcp-1', 'azure-1'].reduce(
      (sum, node) =>
        sum +
        readFileSync(logOf(node), 'latin1')
          .split('\n')
          .filter((line) => line.trim() !== '').length,
      0,
    )
    const { stdout, stderr, code } = await bbq(folder, ['edge', sql, ...merge, ...three, '--format', 'csv'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: `n,nodes\n${lines},3\n` })
    expect(stderr).toMatch(/^\$ sh .*\n1 row from 3 nodes in .* read where they lie\.\n$/)
  })

  test('leaves the nodes as they were', async () => {
    const before = readdirSync(join(folder, '.bbq', 'nodes', 'aws-2')).sort()
    const log = readFileSync(logOf('aws-2'))
    await json(['SELECT count(*) FROM logs', '--nodes', 'aws-2'])
    expect(readdirSync(join(folder, '.bbq', 'nodes', 'aws-2')).sort()).toEqual(before)
    expect(readFileSync(logOf('aws-2')).equals(log)).toBe(true)
  })

  test('a node that fails is told on stderr, and the rest still answers', async () => {
    rmSync(logOf('gcp-2'))
    expect((await bbq(folder, ['nodes', 'fail', 'gcp-3', '--how', 'refused'])).code).toBe(0)
    const args = ['edge', 'SELECT count(*) AS n FROM logs', '--nodes', 'aws-1,gcp-2,gcp-3']
    const { code, stdout, stderr } = await bbq(folder, args)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^node +n\naws-1 +\d+\n$/)
    expect(stderr).toMatch(/gcp-2: There is no log .*access\.log on this node\./)
    expect(stderr).toMatch(/gcp-3: rejected bid/)
    expect(stderr).toMatch(/1 row from 1 of 3 nodes/)
    const { nodes } = await json(args.slice(1))
    expect(nodes.filter(({ error }) => error !== null).map(({ id }) => id)).toEqual(['gcp-2', 'gcp-3'])
  })

  test('is a failure when no node answers, and says why once', async () => {
    const { code, stdout, stderr } = await bbq(folder, ['edge', 'SELECT statsu FROM logs', ...three])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('None of 3 nodes gave an answer.')
    expect(stderr).toMatch(/3 say: The query has an error in line 1, column 8, at: statsu FROM logs\./)
    const merged = await bbq(folder, ['edge', 'SELECT 1 AS n', '--merge', 'SELECT m FROM edge', '--nodes', 'aws-1'])
    expect(merged.code).toBe(2)
    expect(merged.stderr).toMatch(/could not be merged/)
  })

  test('lists its questions, and asks one by its id', async () => {
    const { stdout } = await bbq(folder, ['edge', '--json'])
    const ids = (JSON.parse(stdout) as { queries: { id: string }[] }).queries.map(({ id }) => id)
    for (const id of ids) {
      const { rows, nodes } = await json([id, '--nodes', 'aws-3,azure-3'])
      expect(nodes.map(({ error }) => error)).toEqual([null, null])
      // so short a log may hold no failed request
      if (id !== 'edge-errors') expect(rows.length, id).toBeGreaterThan(0)
    }
    const { code, stderr } = await bbq(folder, ['edge', 'edge-day'])
    expect(code).toBe(2)
    expect(stderr).toContain('The nearest id is edge-days.')
  })

  test('names a node that is not there', async () => {
    const { code, stderr } = await bbq(folder, ['edge', 'SELECT 1', '--nodes', 'aws-9'])
    expect(code).toBe(2)
    expect(stderr).toContain('There is no node aws-9.')
  })
})
