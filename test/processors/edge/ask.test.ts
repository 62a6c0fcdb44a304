import { createHash } from 'node:crypto'
import {
  chmodSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mostEdgeRows } from '../../../src/core/edge.ts'
import { peakOf } from '../../peak-memory.ts'
import { makeNode, type TestNode } from '../run/test-node.ts'
import { askLog, logLine, logLines, saidBy, startEdge } from './ask-log.ts'

let node: TestNode
beforeEach(() => {
  node = makeNode()
})
afterEach(() => node.remove())

/** Every file below the data folder with what it holds. */
const stateOf = (data: string): readonly string[] =>
  globSync('**', { cwd: data, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).isFile())
    .concat(readdirSync(join(data, '.bbq')).map((name) => join(data, '.bbq', name)))
    .filter((path) => statSync(path).isFile())
    .map((path) => `${path} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`)
    .sort()

/** Three generations of a log, with lines that are no events. */
const rotated = (): void => {
  writeFileSync(`${node.log}.2.gz`, gzipSync(logLines(0, 300)))
  writeFileSync(
    `${node.log}.1`,
    logLines(300, 500, (i) => (i % 2 === 0 ? 503 : 200)),
  )
  writeFileSync(node.log, `${logLines(500, 600)}\nno event at all\n${logLine(600)}unfinished`)
}

describe('a query over the log of a node', () => {
  test('sees the log and its rotated predecessors, packed ones too, by the rules of the stages', async () => {
    rotated()
    const { code, columns, rows, end, stderr } = await askLog(
      node,
      'SELECT status, count(*) AS n, sum(bytes)::BIGINT AS bytes FROM logs GROUP BY status ORDER BY status',
    )
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(columns).toEqual(['status BIGINT', 'n BIGINT', 'bytes BIGINT'])
    const of = (wanted: (i: number) => boolean) => Array.from({ length: 601 }, (_, i) => i).filter(wanted)
    const bad = of((i) => i >= 300 && i < 500 && i % 2 === 0)
    const good = of((i) => !bad.includes(i))
    const sum = (all: readonly number[]) => all.reduce((total, i) => total + 100 + i, 0)
    expect(rows).toEqual([
      [200, good.length, sum(good)],
      [503, bad.length, sum(bad)],
    ])
    expect(end).toMatchObject({ rows: 2, truncated: false, lines_read: 603, lines_parsed: 601 })
    const lines = await askLog(node, "SELECT count(*) AS n, count(*) FILTER (raw_line = 'no event at all') FROM lines")
    expect(lines.rows).toEqual([[602, 1]])
  })

  test('gives the same answer however the log is cut, and both relations at once', async () => {
    rotated()
    const sql = 'SELECT (SELECT count(*) FROM logs), (SELECT count(*) FROM lines), (SELECT max(path) FROM logs)'
    const whole = await askLog(node, sql)
    const cut = await askLog(node, sql, ['--chunk-bytes', '1024'])
    expect(cut.rows).toEqual(whole.rows)
    expect(whole.rows).toEqual([[601, 602, '/p/99']])
  })

  test('names the columns of log_results, values as a query of the warehouse gives them', async () => {
    writeFileSync(node.log, logLine(7))
    const { columns, rows } = await askLog(node, 'SELECT *, 9007199254740993 AS large FROM logs')
    const value = (name: string) => rows[0]?.[columns.findIndex((column) => column.startsWith(`${name} `))]
    expect(value('remote_log_id')).toMatch(/^node-1\/[0-9a-f]+\/0$/)
    expect(value('timestamp')).toBe('2026-11-24T10:00:07.250000Z')
    expect([value('ip'), value('user_id'), value('method'), value('path'), value('status'), value('bytes')]).toEqual([
      '198.51.100.7',
      'user-1',
      'GET',
      '/p/7',
      200,
      107,
    ])
    expect([value('referer'), value('user_agent'), value('large')]).toEqual([null, 'curl/8', '9007199254740993'])
  })

  test('of an empty log has its columns and no rows', async () => {
    writeFileSync(node.log, '')
    const empty = await askLog(node, 'SELECT * FROM logs')
    writeFileSync(node.log, logLine(1))
    const full = await askLog(node, 'SELECT * FROM logs')
    expect(empty).toMatchObject({ code: 0, rows: [], columns: full.columns })
    expect(full.rows).toHaveLength(1)
  })

  test('that needs no log reads none', async () => {
    expect(await askLog(node, 'SELECT 42 AS answer')).toMatchObject({ code: 0, rows: [[42]] })
  })

  test('may begin with a comment', async () => {
    writeFileSync(node.log, logLine(1))
    expect((await askLog(node, '-- how many\nSELECT count(*) FROM logs')).rows).toEqual([[1]])
  })

  test('changes nothing in the data folder, and needs no right to', async () => {
    rotated()
    const temp = mkdtempSync(join(tmpdir(), 'bbq-edge-test-'))
    chmodSync(temp, 0o777)
    for (const path of [node.data, join(node.data, '..'), join(node.data, '.bbq')]) chmodSync(path, 0o755)
    const before = stateOf(node.data)
    const nobody = process.getuid?.() === 0 ? { uid: 65534 } : {}
    const { code, rows } = await askLog(node, 'SELECT count(*) FROM logs', [], { env: { TMPDIR: temp }, ...nobody })
    expect({ code, rows }).toEqual({ code: 0, rows: [[601]] })
    expect(stateOf(node.data)).toEqual(before)
    expect(readdirSync(temp)).toEqual([])
  })
})

describe('an answer', () => {
  test('of exactly as many rows as may be is whole, of one more it is cut and says so', async () => {
    const most = await askLog(node, `SELECT * FROM range(${mostEdgeRows})`)
    expect(most.end).toMatchObject({ rows: mostEdgeRows, truncated: false })
    const more = await askLog(node, `SELECT * FROM range(${mostEdgeRows + 1})`)
    expect(more.rows).toHaveLength(mostEdgeRows)
    expect(more.end).toMatchObject({ rows: mostEdgeRows, truncated: true })
    expect((await askLog(node, 'SELECT * FROM range(4)', ['--limit', '3'])).end).toMatchObject({
      rows: 3,
      truncated: true,
    })
  })

  test('holds as many bytes as it is told, of whatever type', async () => {
    const most = 100_000
    for (const [sql, least] of [
      ["SELECT repeat('x', 10000) FROM range(1000)", 9],
      ['SELECT range(1000) FROM range(1000)', 6],
      ["SELECT {'a': repeat('é', 5000)} FROM range(1000)", 9],
      ['SELECT NULL FROM range(10000)', 500],
    ] as const) {
      const { end, rows, stdout } = await askLog(node, sql, ['--bytes', `${most}`])
      expect(end).toMatchObject({ truncated: true, full: true })
      expect(Buffer.byteLength(stdout)).toBeLessThan(most * 1.2)
      expect(rows.length).toBeGreaterThanOrEqual(least)
    }
    const { code, error } = await askLog(node, "SELECT repeat('x', 200000)", ['--bytes', `${most}`])
    expect([code, error?.what]).toEqual([1, 'The answer is too large: its first row holds more than 98 KB.'])
  })

  test('whose values would fill the memory is none, and the process ends', async () => {
    const temp = mkdtempSync(join(tmpdir(), 'bbq-edge-test-'))
    const asked = startEdge(["--sql=SELECT repeat('x', 50000000) FROM range(100)", '--memory-mb=64'], {
      env: { TMPDIR: temp },
    })
    const peak = peakOf(asked.pid)
    const { error, rows } = await saidBy(asked)
    expect(error?.what).toBe('The query was stopped: it took more than 576 MB of memory.')
    expect(rows).toEqual([])
    expect(await peak).toBeLessThan(1_500)
    expect(readdirSync(temp)).toEqual([])
  }, 60_000)

  test('of long texts is cut before it fills the memory', async () => {
    const { end, rows, stdout } = await askLog(node, "SELECT repeat('x', 100000) FROM range(1000)")
    expect(end?.truncated).toBe(true)
    expect(rows.length).toBeGreaterThan(10)
    expect(stdout.length).toBeLessThan(9 * 1024 * 1024)
  })
})

describe('what is refused', () => {
  const refusal = async (sql: string) => {
    const { code, error, rows } = await askLog(node, sql)
    expect({ code, rows }).toEqual({ code: 1, rows: [] })
    return [error?.what, error?.why].join(' ')
  }

  beforeEach(() => {
    writeFileSync(node.log, logLines(0, 3))
    writeFileSync(join(node.data, '.bbq', 'key'), 'AGE-SECRET-KEY-1TEST')
  })

  test.each([
    ['COPY logs TO', (path: string) => `COPY (SELECT * FROM logs) TO '${path}'`],
    ['EXPORT', (path: string) => `EXPORT DATABASE '${path}'`],
    ['ATTACH', (path: string) => `ATTACH '${path}' AS other`],
    ['CREATE', () => 'CREATE TABLE mine AS SELECT * FROM logs'],
    ['SET', () => 'SET enable_external_access = true'],
    ['INSTALL', () => 'INSTALL httpfs'],
    ['a second statement', (path: string) => `SELECT 1; COPY logs TO '${path}'`],
    ['EXPLAIN ANALYZE', (path: string) => `EXPLAIN ANALYZE COPY (SELECT 1) TO '${path}'`],
  ])('writing: %s', async (_name, sqlOf) => {
    const path = join(node.data, 'written')
    expect(await refusal(sqlOf(path))).toMatch(/only read|One statement/)
    expect(readdirSync(node.data).sort()).toEqual(['.bbq', 'access.log'])
  })

  test.each([
    ['read_text', (path: string) => `SELECT * FROM read_text('${path}')`],
    ['read_csv', (path: string) => `SELECT * FROM read_csv('${path}')`],
    [
      'read_blob behind a union',
      (path: string) => `SELECT path FROM logs UNION ALL SELECT content::VARCHAR FROM read_blob('${path}')`,
    ],
    ['a file as a table', (path: string) => `SELECT * FROM '${path}.csv'`],
    ['glob', (path: string) => `SELECT * FROM glob('${path}*')`],
    ['a log of DuckDB on stdout', () => "SELECT * FROM enable_logging(storage = 'stdout')"],
    ['a profile on stdout', () => 'SELECT * FROM enable_profiling()'],
    ['SQL as text', () => "SELECT * FROM query('SELECT 1')"],
    ['another host', () => "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')"],
  ])('reading elsewhere: %s', async (_name, sqlOf) => {
    const said = await refusal(sqlOf(join(node.data, '.bbq', 'key')))
    expect(said).toMatch(/does not run here|tables and nothing else/)
    expect(said).not.toContain('AGE-SECRET-KEY-1TEST')
  })

  test('SQL with an error: with its place and what DuckDB says', async () => {
    const { error } = await askLog(node, 'SELECT status\nFROM logs WHERE statsu = 200')
    expect(error?.what).toBe('The query has an error in line 2, column 17, at: statsu = 200.')
    expect(error?.why).toMatch(/"statsu" not found.*status/)
  })

  test('a log that is not there, one that cannot be unpacked, and flags that are none', async () => {
    const { code, error } = await askLog(node, 'SELECT * FROM logs', ['--log', 'other.log'])
    expect(code).toBe(1)
    expect(error?.what).toBe(`There is no log ${join(node.data, 'other.log')} on this node.`)
    writeFileSync(`${node.log}.1.gz`, gzipSync(logLines(0, 3_000)).subarray(0, 4_000))
    expect((await askLog(node, 'SELECT * FROM logs')).error?.what).toMatch(/cannot be unpacked beyond byte/)
    expect((await askLog(node, 'SELECT 1', ['--limit', '0'])).error?.what).toMatch(/wrong flags/)
  })
})

describe('the end', () => {
  test('comes with that of the program that started it, and leaves nothing behind', async () => {
    const temp = mkdtempSync(join(tmpdir(), 'bbq-edge-test-'))
    const gone = startEdge(['--sql=SELECT 1'])
    await saidBy(gone)
    const forever = 'SELECT count(*) FROM range(1000000000) a, range(1000000) b WHERE a.range + b.range = -1'
    const { code } = await askLog(node, forever, ['--parent-pid', `${gone.pid}`], { env: { TMPDIR: temp } })
    expect(code).toBe(1)
    expect(readdirSync(temp)).toEqual([])
  })
})

describe('a merge', () => {
  const merge = (lines: readonly unknown[], sql: string) =>
    saidBy(startEdge(['--merge', `--sql=${sql}`]), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))

  test('sees all answers in the types that they had', async () => {
    mkdirSync(node.data, { recursive: true })
    const columns = [
      ['node', 'VARCHAR'],
      ['n', 'HUGEINT'],
      ['at', 'TIMESTAMP WITH TIME ZONE'],
      ['list', 'VARCHAR[]'],
      ['item', 'STRUCT("a b" INTEGER, "t" TIMESTAMP)'],
      ['price', 'DECIMAL(18,3)'],
      ['bytes', 'BLOB'],
      ['kind', "ENUM('x', 'y')"],
    ].map(([name, type]) => ({ name, type }))
    const at = '2026-11-24T10:00:00.250000Z'
    const row = (node: string, n: unknown) => ({
      type: 'row',
      values: [node, n, at, ['it, "quoted"'], { 'a b': 1, t: at }, 1.5, 'eA==', 'x'],
    })
    const lines = [
      { type: 'columns', columns },
      row('a', '170141183460469231731687303715884105726'),
      row('b', 1),
      row('c', null),
    ]
    const sum = await merge(lines, 'SELECT sum(n) AS n, count(*) AS nodes, max("at") AS at FROM edge')
    expect(sum.rows).toEqual([[expect.anything(), 3, at]])
    const all = await merge(lines, 'SELECT * FROM edge WHERE n = 1')
    expect(all.rows).toEqual([row('b', 1).values])
    expect(all.columns.slice(0, 7)).toEqual(columns.slice(0, 7).map(({ name, type }) => `${name} ${type}`))
  })

  test('of no rows has the columns, and its errors are told', async () => {
    const columns = { type: 'columns', columns: [{ name: 'node', type: 'VARCHAR' }] }
    expect(await merge([columns], 'SELECT count(*) FROM edge')).toMatchObject({ code: 0, rows: [[0]] })
    expect((await merge([columns], 'SELECT nod FROM edge')).error?.what).toMatch(/line 1, column 8/)
    expect((await merge([columns], "SELECT * FROM read_text('/etc/hostname')")).code).toBe(1)
  })
})
