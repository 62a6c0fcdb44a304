import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { bbq, freshFolder, start } from './bbq.ts'

const folder = freshFolder()
const json = async (args: readonly string[], expected = 0): Promise<unknown> => {
  const { code, stdout, stderr } = await bbq(folder, [...args, '--json'])
  expect(code, stderr).toBe(expected)
  return JSON.parse(stdout)
}

interface NodeShape {
  readonly id: string
  readonly state: string
  readonly error: string | null
  readonly rows: Readonly<Record<string, number>>
}

interface RunShape {
  readonly nodes: readonly (NodeShape & Readonly<Record<string, number>>)[]
  readonly totals: Readonly<Record<string, number>> & { readonly rows: Readonly<Record<string, number>> }
}

const run = async (args: readonly string[], expected = 0): Promise<RunShape> =>
  (await json(['run', ...args], expected)) as RunShape

const documented = (heading: string): readonly string[] => {
  const page = readFileSync(new URL('../../docs/json.md', import.meta.url), 'utf8')
  const section = page.slice(page.indexOf(heading), page.indexOf('\n## ', page.indexOf(heading) + 1))
  return [...section.matchAll(/^\| (`.+?) \|/gm)].flatMap((row) =>
    [...(row[1] ?? '').matchAll(/`(\w+)`/g)].map((name) => name[1] ?? ''),
  )
}

beforeAll(() => {
  writeFileSync(join(folder, 'config.yaml'), 'demo:\n  lines: 200\n')
})

describe('run', () => {
  const three = ['--nodes', 'aws-1,gcp-1,azure-1']
  const counts = [
    'lines_read',
    'lines_parsed',
    'lines_rejected',
    'lines_blank',
    'lines_retried',
    'repaired',
    'formats',
    'fields',
    'notices',
    'rows',
    'masked',
    'full_addresses',
    'bytes_read',
    'bytes_unread',
    'waiting',
    'lines_waiting',
    'sent_in_ms',
    'bytes_sent',
    'chunks',
  ]

  test('--json prints one object with the documented names, and its sums add up', async () => {
    const result = await run(['structured', ...three])
    expect(Object.keys(result)).toEqual(['stage', 'job_id', 'command', 'nodes', 'totals', 'rejected'])
    expect(result).toMatchObject({
      stage: 'structured',
      job_id: expect.any(String),
      command: expect.stringContaining('.bbq'),
    })
    expect(Object.keys(result.totals)).toEqual([...counts, 'ms'])
    expect(result.nodes).toHaveLength(3)
    for (const node of result.nodes) {
      expect(Object.keys(node)).toEqual([
        'id',
        'provider',
        'region',
        'state',
        ...counts,
        'ms',
        'rejected',
        'dead',
        'error',
      ])
      expect(node).toMatchObject({ state: 'done', error: null, lines_read: 200 })
      expect(node['lines_read']).toBe(
        (node['lines_parsed'] ?? 0) + (node['lines_rejected'] ?? 0) + (node['lines_blank'] ?? 0),
      )
    }
    for (const name of counts.filter((one) => !['rows', 'formats', 'fields', 'notices'].includes(one)))
      expect(result.totals[name], name).toBe(result.nodes.reduce((sum, node) => sum + (node[name] ?? 0), 0))
    expect(result.totals.rows['log_results']).toBe(result.totals['lines_parsed'])
    expect([...new Set(documented('## run STAGE --json'))].sort()).toEqual(
      [...new Set([...Object.keys(result), ...Object.keys(result.nodes[0] ?? {})])].sort(),
    )
  })

  test('again takes only what is new', async () => {
    const again = await run(['structured', ...three])
    expect(again.totals).toMatchObject({ lines_read: 0, rows: {}, bytes_sent: 0, chunks: 0 })
  })

  test('a node that fails makes exit 1, with its reason; healed, it catches up', async () => {
    expect((await bbq(folder, ['nodes', 'fail', 'aws-2', '--reason', 'disk full'])).code).toBe(0)
    const failed = await run(['private', '--nodes', 'aws-1,aws-2'], 1)
    expect(failed.nodes.map(({ id, state }) => [id, state])).toEqual([
      ['aws-1', 'done'],
      ['aws-2', 'failed'],
    ])
    expect(failed.nodes[1]?.error).toContain('disk full')
    expect((await bbq(folder, ['nodes', 'heal', 'aws-2'])).code).toBe(0)
    const healed = await run(['private', '--nodes', 'aws-1,aws-2'])
    expect(healed.nodes.map((node) => node['lines_read'])).toEqual([0, 200])
  })

  test('a node that is not there is refused', async () => {
    const { code, stderr } = await bbq(folder, ['run', 'raw', '--nodes', 'aws-12'])
    expect(stderr.split('\n')[0]).toBe('There is no node aws-12.')
    expect(code).toBe(2)
  })

  test('for people: a row a node and the sums', async () => {
    const { code, stdout } = await bbq(folder, ['run', 'raw', '--nodes', 'gcp-1'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^gcp-1 +Google Cloud +us-central1 +done +200 +0 +\d+ /m)
    expect(stdout).toMatch(/^read 200 lines = \d+ parsed \+ 0 rejected \+ \d blank$/m)
  })

  test('--input reads files of your own; rejected lines alone are exit 0', async () => {
    const line = '203.0.113.7 - alice [24/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 12'
    writeFileSync(join(folder, 'own.log'), `${line}\nnot a line\n\n${line}`)
    // long quiet, so that its last line counts
    utimesSync(join(folder, 'own.log'), 1_700_000_000, 1_700_000_000)
    const own = await run(['structured', '--input', 'own.log', '--state', 'own'])
    expect(own.nodes).toHaveLength(1)
    expect(own.nodes[0]).toMatchObject({
      id: 'local',
      state: 'done',
      lines_read: 4,
      lines_parsed: 2,
      lines_rejected: 1,
      lines_blank: 1,
    })
    expect(own.totals.rows).toEqual({ log_results: 2 })
  })

  test('--every runs until Ctrl-C, one JSON line a run; exit 130; meanwhile nobody else may write', async () => {
    const running = start(folder, ['run', 'aggregated', '--every', '1s', '--json', '--nodes', 'aws-1'])
    await running.said(/\n.*\n/)
    const second = await bbq(folder, ['run', 'raw'])
    expect(second.stderr).toContain(`is in use by process ${running.child.pid} (bbq run aggregated), since `)
    expect(second.code).toBe(1)
    running.child.kill('SIGINT')
    const { code, stdout } = await running.ended
    expect(code).toBe(130)
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly type: string; readonly runs?: number })
    expect(new Set(lines.slice(0, -1).map(({ type }) => type))).toEqual(new Set(['run']))
    expect(lines.at(-1)).toEqual({ type: 'end', runs: lines.length - 1 })
  })
})

describe('nodes', () => {
  test('lists them with their logs', async () => {
    const { nodes } = (await json(['nodes'])) as { readonly nodes: readonly unknown[] }
    expect(nodes).toHaveLength(21)
    expect(nodes[0]).toMatchObject({
      id: 'aws-1',
      provider: 'aws',
      region: 'us-east-1',
      state: 'connected',
      log: { bytes: expect.any(Number) },
    })
  })
})

describe('query', () => {
  test('own SQL, with one more row known than shown', async () => {
    const result = await json([
      'query',
      'SELECT nodeName, count(*) AS n FROM log_results GROUP BY 1 ORDER BY 1',
      '--limit',
      '2',
    ])
    expect(result).toMatchObject({ columns: [{ name: 'nodeName' }, { name: 'n' }], truncated: true })
    expect((result as { rows: unknown[] }).rows).toHaveLength(2)
  })

  test('as CSV, with what needs quotes quoted', async () => {
    const { stdout } = await bbq(folder, ['query', `SELECT 'a,"b"' AS x, NULL AS y, [1, 2] AS z`, '--format', 'csv'])
    expect(stdout).toBe('x,y,z\n"a,""b""",,"[1,2]"\n')
  })

  test('by the id of a canned one, which are listed', async () => {
    const { queries } = (await json(['query'])) as { readonly queries: readonly { readonly id: string }[] }
    expect(queries.length).toBeGreaterThan(8)
    const result = await json(['query', queries[0]?.id ?? ''])
    expect(result).toMatchObject({ truncated: false })
  })

  test('wrong SQL says where', async () => {
    const typo = await bbq(folder, ['query', 'SELECT 1 AS one', '--state', 'typo'])
    expect(typo).toMatchObject({ code: 2, stdout: '' })
    expect(typo.stderr).toContain('There are no tables in')
    expect(existsSync(join(folder, 'typo'))).toBe(false)
    const { code, stdout, stderr } = await bbq(folder, ['query', 'SELECT nothing FROM nowhere'])
    expect(code).not.toBe(0)
    expect(stdout).toBe('')
    expect(stderr).toContain('nowhere')
  })
})

describe('doctor', () => {
  test('finds nothing wrong', async () => {
    const result = (await json(['doctor'])) as {
      readonly ok: boolean
      readonly checks: readonly { readonly id: string }[]
    }
    expect(result.ok).toBe(true)
    expect(result.checks.map(({ id }) => id)).toEqual(['node', 'parts', 'config', 'state', 'nodes', 'warehouse'])
  })

  test('says what is wrong and what to do', async () => {
    const { code, stdout } = await bbq(folder, ['doctor', '--cluster-kind', 'bacalhau'])
    expect(code).toBe(2)
    expect(stdout).toMatch(
      /^problem {2}Config: +--cluster-kind makes Bacalhau the cluster, but no address says where it answers\.$/m,
    )
  })
})

describe('reset', () => {
  test('without a terminal needs --yes', async () => {
    const { code, stderr } = await bbq(folder, ['reset'])
    expect(code).toBe(4)
    expect(stderr).toMatch(/^Nothing was reset: DuckDB .* holds [\d,]+ rows\.$/m)
  })

  test('empties the tables, so that a stage starts from the first byte', async () => {
    const { emptied } = (await json(['reset', '--yes'])) as { readonly emptied: readonly string[] }
    expect(emptied).toEqual(['raw_logs', 'log_results', 'log_aggregates', 'emergency_logs'])
    expect(await json(['query', 'SELECT count(*) FROM log_results'])).toMatchObject({ rows: [[0]] })
    expect((await run(['structured', '--nodes', 'aws-1'])).totals['lines_read']).toBeGreaterThanOrEqual(200)
  })
})
